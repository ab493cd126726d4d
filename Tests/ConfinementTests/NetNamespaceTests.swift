import CLinux
import Confinement
import Host
import Testing
import Text

/// To add one: a line of `empty` with interfaces and the flaw, or a row of the files that are none.
@Suite("a prepared net namespace")
struct NetNamespaceTests {
  private static let lo = Interface(name: "lo", isUp: false, isLoopback: true)

  private func flaw(_ interfaces: [Interface]) -> Text? {
    do throws(PreparedNetNamespace.Unfit) {
      try PreparedNetNamespace.checkIsEmpty(interfaces)
      return nil
    } catch { return error.reason }
  }

  @Test("lo alone, down, is all that may be there")
  func empty() {
    #expect(flaw([Self.lo]) == nil)
    #expect(flaw([Interface(name: "lo", isUp: true, isLoopback: true)]) == "its interface lo is up")
    #expect(flaw([]) == "it has 0 loopback interfaces")
    #expect(flaw([Self.lo, Self.lo]) == "it has 2 loopback interfaces")
    let other = Interface(name: "e\u{1b}0", isUp: false, isLoopback: false)
    #expect(flaw([Self.lo, other]) == "it has an interface of its own: e\\x1b0")
    // Neither the name alone nor the kind makes it the kernel's own.
    #expect(flaw([Interface(name: "lo", isUp: false, isLoopback: false)]) == "it has an interface of its own: lo")
    #expect(flaw([Interface(name: "l0", isUp: false, isLoopback: true)]) == "it has an interface of its own: l0")
  }

  @Test(
    "what is none is told from what is",
    arguments: [
      ("/etc/passwd", "it is no namespace"), ("/proc/self/ns/uts", "it is a namespace of another kind"),
      ("/proc/thread-self/ns/net", "it is the launcher's own net namespace"), ("/no/such", "No such file or directory"),
    ] as [(String, Text)])
  func files(_ path: String, _ reason: Text) {
    do throws(PreparedNetNamespace.Unfit) {
      _ = try PreparedNetNamespace.opened(Text(path))
      Issue.record("\(path) was taken for one")
    } catch { #expect(error.reason == reason) }
  }

  @Test("a net namespace is known by its descriptor")
  func kinds() throws {
    for (path, isOne) in [("/proc/self/ns/net", true), ("/proc/self/ns/ipc", false), ("/dev/null", false)] {
      let file = try Descriptor.open(Text(path), O_RDONLY)
      #expect(PreparedNetNamespace.isNetNamespace(file.raw) == isOne)
    }
  }
}

@testable import Audit
import CLinux
import CSubject
import Glibc
import Host
import Receipts
import Testing
import Text

/// Devices under other names, and other files under theirs.
@Suite("the audit knows devices by number", .serialized, .enabled(if: geteuid() == 0, "needs root"))
struct DeviceTests {
  private func withDirectory(_ body: (String) throws -> Void) rethrows {
    let directory = Shell.output("mktemp -d").filter { $0 != "\n" }
    defer { _ = Shell.output("rm -rf \(directory)") }
    try body(directory)
  }

  private func descriptor(_ number: Int32, of process: Int32) throws -> OpenDescriptor {
    let evidence = Evidence(try Subject(process), receipt: nil)
    return try #require(try evidence.descriptors.get().first { $0.number == number })
  }

  private static let strays = "exec 3<&- 4<&- 5<&- 6<&- 8<&- 9<&- </dev/null"

  @Test("/dev/kvm has another name, and is only written", arguments: ["<>", ">"])
  func machine(_ redirection: String) throws {
    try withDirectory { directory in
      let shell = try #require(
        Shell("mknod \(directory)/x c 10 232; exec 7\(redirection)\(directory)/x; exec sleep 20"))
      defer { shell.kill() }
      let findings = try Findings(shell.process)
      #expect(findings["virtual-machine"] == .no)
      #expect(findings["stray-descriptors"] == .no)
      #expect(findings.detail("stray-descriptors").contains("7 "))
    }
  }

  @Test("another file lies over a device", arguments: ["/dev/net/tun", "/dev/kvm"])
  func covered(_ device: String) throws {
    let shell = try #require(
      Shell("exec unshare -m sh -c 'mount --bind /etc/passwd \(device); exec 7<>\(device); exec sleep 20'"))
    defer { shell.kill() }
    let seen = try descriptor(7, of: shell.process)
    #expect(String(seen.target) == device)
    #expect(!seen.isInterface && !seen.isMachine)
    #expect(try Findings(shell.process)["virtual-machine"] == .yes)
  }

  @Test("/dev/net/tun without an interface is no network device")
  func unattached() throws {
    let shell = try #require(Shell("exec 7<>/dev/net/tun; exec sleep 20"))
    defer { shell.kill() }
    #expect(try !descriptor(7, of: shell.process).isInterface)
    #expect(try Findings(shell.process).detail("stray-descriptors").contains("7 /dev/net/tun"))
  }

  @Test("standard input is /dev/null by number")
  func null() throws {
    try withDirectory { directory in
      let other = try #require(Shell("mknod \(directory)/x c 1 3; exec <\(directory)/x; exec sleep 20"))
      defer { other.kill() }
      #expect(try Findings(other.process)["standard-descriptors"] == .yes)
      let covered = try #require(
        Shell("exec unshare -m sh -c 'mount --bind /etc/passwd /dev/null; exec </dev/null; exec sleep 20'"))
      defer { covered.kill() }
      #expect(try Findings(covered.process)["standard-descriptors"] == .no)
    }
  }

  @Test("a machine may not be a console, nor a directory")
  func console() throws {
    for target in ["</dev/kvm", "</"] {
      let shell = try #require(Shell("exec sh -c 'exec 1\(target); exec sleep 20'"))
      defer { shell.kill() }
      #expect(try Findings(shell.process).detail("stray-descriptors").contains("1 /"), "\(target)")
    }
  }

  @Test("a limit on descriptors leaves no number free")
  func limit() throws {
    // More are open than the limit says, and 3 to 5 are free.
    let others = (20..<30).map { "\($0)</dev/null" }.joined(separator: " ")
    let shell = try #require(
      Shell("exec bash -c 'exec 3<&- 4<&- 5<&- \(others); exec prlimit --nofile=6:6 sleep 20'"))
    defer { shell.kill() }
    let findings = try Findings(shell.process)
    #expect(findings["limit-nofile"] == .no)
    #expect(findings.detail("limit-nofile").contains("is free"))
  }

  @Test(
    "a tender's network device may be a packet socket",
    .enabled(if: Bench.isPossible, "needs a tender"),
    arguments: [(CLINUX_SOCK_SEQPACKET, true), (CLINUX_SOCK_DGRAM, true), (Int32(1), false)])
  func socket(_ row: (type: Int32, isDevice: Bool)) throws {
    try withDirectory { directory in
      guard row.isDevice else {
        let pair = unsafe csubject_with_socket(row.type, "exec sleep 20")
        defer { for process in [pair.inside, pair.server] { End.kill(process) } }
        Shell.wait(for: pair.inside, toBe: "sleep")
        #expect(try !descriptor(7, of: pair.inside).isInterface)
        return
      }
      let path = "\(directory)/receipt"
      let pair = unsafe csubject_with_socket(
        row.type,
        "exec \(Bench.root)/bin/brig-hvt --mem=6 --receipt=\(path) --net:service=@7 "
          + "\(Bench.root)/bin/guests/x86_64/sleep-net.hvt 100000000000 </dev/null >/dev/null 2>\(path).err")
      defer { for process in [pair.inside, pair.server] { End.kill(process) } }
      let process = pair.inside
      for _ in 0..<500 where ((try? Files.read(path)) ?? []).isEmpty { usleep(10_000) }
      usleep(200_000)
      try #require(kill(process, 0) == 0 && (try? Subject(process)) != nil, "\(Shell.output("cat \(path).err"))")
      let plain = try Findings(process)
      let told = try Findings(process, receipt: ReceiptRecord(reading: path))
      for findings in [plain, told] {
        for check in ["stray-descriptors", "seccomp-filter"] {
          #expect(findings[check] == .yes, "\(check): \(findings.detail(check))")
        }
      }
      #expect(told["receipt"] == .yes)
    }
  }
}

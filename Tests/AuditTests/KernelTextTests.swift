import Procfs
import Testing
import Text

/// What the kernel prints, and what a process can make it print.
///
/// To add one: a string in the `arguments` of the function about that file, well formed or damaged.
@Suite("what the kernel prints, byte by byte")
struct KernelTextTests {
  private func text(_ string: String) -> Text { Text(bytes: Array(string.utf8)) }

  @Test(
    "a line of a map, whatever its file's name", arguments: ["/a b", "/x\r", "/x\u{600}", "/x (deleted)", "/7-8 rwxp"])
  func region(_ name: String) throws {
    let line = "7f00-7f10 rw-s 00001000 fe:00 12                         \(name)"
    let region = try #require(MapRegion(text(line)))
    #expect(region.range == 0x7f00..<0x7f10 && region.isShared && region.isWritable && !region.isExecutable)
    #expect(region.name == text(name) && region.hasFile)
    #expect(MapRegion.all(text("\(line)\n\(line)\n"))?.count == 2)
  }

  @Test(
    "a line that isn't one takes all with it",
    arguments: [
      "7f00 rw-p 0 00:00 0", "7f10-7f00 rw-p 0 00:00 0", "7f00-7f10 rwp 0 00:00 0", "7f00-7f10 rw-q 0 00:00 0",
      "7f00-7f10 rw-p 0 00:00 x", "+7f00-7f10 rw-p 0 00:00 0", "7f00-7f10 rw-p 0 00:00", "x",
    ])
  func damaged(_ line: String) {
    #expect(MapRegion(text(line)) == nil)
    #expect(MapRegion.all(text("1000-2000 rw-p 0 00:00 0\n\(line)\n")) == nil)
  }

  @Test("the name in a stat line ends at the last parenthesis", arguments: ["x", "x) R 1", "\u{600}", "\r", ") ) ("])
  func stat(_ name: String) throws {
    let words = (["S"] + (4...52).map { "\($0)" }).joined(separator: " ")
    let stat = try #require(TaskStat(text("17 (\(name)) \(words)\n")))
    #expect(stat.state == "S" && stat.flags == 9 && stat.start == 22 && stat.threads == 20)
    #expect(stat.environment == 50..<51)
  }

  @Test("a stat line that is cut is none", arguments: ["", "17 (x", "17 (x) S 1 2", "17 (x) "])
  func cut(_ line: String) { #expect(TaskStat(text(line)) == nil) }

  @Test("a line of a status has a colon, or the status isn't whole")
  func status() {
    let lines = KeyedLines(text("Name:\tx: y\r\nUid:\t1\t2\t3\t4\nUid:\t5\n"))
    #expect(lines.isWhole && lines["Name"] == text("x: y\r") && lines["Uid"] == text("1\t2\t3\t4"))
    #expect(!KeyedLines(text("Name:\tx\nUid 0\n")).isWhole)
  }

  @Test("a mount has its type behind the hyphen, whatever stands before")
  func mount() throws {
    let mount = try #require(Mount(text("64 42 0:40 / / ro,nosuid shared:1 - tmpfs tmpfs rw")))
    #expect(mount.point == "/" && mount.type == "tmpfs" && mount.options == ["ro", "nosuid"])
    #expect(Mount(text("64 42 0:40 / / ro,nosuid tmpfs tmpfs rw")) == nil)
    #expect(Mount.all(text("64 42 0:40 / / ro - tmpfs tmpfs rw\nx\n")) == nil)
  }

  @Test(
    "a number is digits alone",
    arguments: ["", "-1", "+1", " 1", "1 ", "0x1", "18446744073709551616", "\u{661}", "1\u{301}"])
  func number(_ string: String) { #expect(text(string).number(radix: UInt64(10)) == nil) }

  @Test("the largest number is one")
  func largest() { #expect(text("18446744073709551615").number(radix: UInt64(10)) == .max) }
}

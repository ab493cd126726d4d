import Image
import Testing

/// A file that is refused, and the message after `hello.hvt: `.
struct Refusal: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let executable: Executable
  let message: String
  var memorySize: UInt64 = ImageTests.memorySize

  init(_ rule: String, _ executable: Executable, _ message: String, memorySize: UInt64 = ImageTests.memorySize) {
    testDescription = rule
    self.executable = executable
    self.message = message
    self.memorySize = memorySize
  }
}

/// To add one: a row of `refusesHeader`: the rule, the offset in the file, and the bytes that break it.
@Suite("the ELF header and the program header table")
struct HeaderTests {
  static let unsupported =
    "invalid executable: invalid or unsupported executable (elf header invalid while loading note)"

  @Test(
    "a header that breaks one rule is refused",
    arguments: [
      ("magic", 0, [0x7e]), ("magic's last byte", 3, [0x47]), ("class", 4, [1]), ("byte order", 5, [2]),
      ("no executable", 16, [3]), ("machine", 18, [183]), ("machine's high byte", 19, [1]), ("version", 20, [2]),
      ("header size", 52, [63]), ("header size's high byte", 53, [1]), ("entry size", 54, [55]),
      ("no entries", 56, [0, 0]),
    ] as [(String, Int, [UInt8])])
  func refusesHeader(_ rule: String, _ offset: Int, _ bytes: [UInt8]) {
    let message = refusal(Executable.patched(offset, bytes).bytes)
    #expect(message == "hello.hvt: \(Self.unsupported)")
  }

  @Test("what identifies no format is ignored", arguments: [6, 7, 8, 15, 40, 48, 58, 60, 62])
  func ignoresField(_ offset: Int) {
    #expect(refusal(Executable.patched(offset, [0xff]).bytes) == nil)
  }

  @Test("a file shorter than a header is refused", arguments: [0, 1, 63])
  func refusesShortFile(_ count: Int) {
    let message = refusal(Array(Executable().bytes.prefix(count)))
    #expect(
      message == "hello.hvt: invalid executable: elf header does not match the expected size (\(count) != 64)")
  }

  @Test(
    "a table that doesn't lie in the file is refused",
    arguments: [
      (UInt64.max, 1, 0, 56), (1 << 63, 1, 0, 56), (64, 65535, 1000 - 64, 3_669_960), (1000, 1, 0, 56),
      (999, 1, 1, 56), (945, 1, 55, 56),
    ] as [(UInt64, UInt16, Int, Int)])
  func refusesTable(_ offset: UInt64, _ count: UInt16, _ found: Int, _ expected: Int) {
    var executable = Executable()
    executable.patches = [(32, little(offset)), (56, little(count))]
    let sizes = "(\(found) != \(expected) while loading note)"
    let message = refusal(Array((executable.bytes + zeros(1000)).prefix(1000)))
    #expect(message == "hello.hvt: invalid executable: program header does not match the expected size \(sizes)")
  }

  @Test("each machine accepts its own executables only")
  func comparesMachine() throws {
    let arm = Executable(machine: 183).bytes
    #expect(throws: Never.self) { try parse(arm, machine: .aarch64) }
    #expect(throws: ImageError.self) { try parse(arm, machine: .x86_64) }
  }
}

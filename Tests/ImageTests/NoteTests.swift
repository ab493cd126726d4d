import ABI
import Image
import Testing
import Text

/// To add one: a `Refusal` in `refusals`: the rule, an `Executable` whose notes break it, and the message.
@Suite("Solo5's notes")
struct NoteTests {
  static let abi: UInt32 = 0x3149_4241
  static let mft: UInt32 = 0x3154_464d

  static let refusals: [Refusal] = [
    Refusal(
      "a PT_NOTE without room for a note", .notes(.note(zeros(11))),
      "invalid executable: phdr[0].p_filesz note does not fall within valid size (11 < 12)"),
    Refusal(
      "a bad PT_NOTE before the manifest",
      .notes(.note(abiNote()), .note([]), .note(manifestNote())),
      "invalid executable: phdr[1].p_filesz note does not fall within valid size (0 < 12)"),
    Refusal("no note at all", .notes(.load(0x10_0000, 1)), "No Solo5 ABI information found in executable"),
    Refusal(
      "a PT_NOTE with room for no name", .notes(.note(Array(abiNote().prefix(19)))),
      "No Solo5 ABI information found in executable"),
    Refusal(
      "a name of another size", .notes(.note(note(abi, zeros(16), nameSize: 5))),
      "No Solo5 ABI information found in executable"),
    Refusal(
      "a name that goes on", .notes(.note(note(abi, zeros(16), name: "Solo51\0\0"))),
      "No Solo5 ABI information found in executable"),
    Refusal(
      "another name", .notes(.note(note(abi, zeros(16), name: "solo5\0\0\0"))),
      "No Solo5 ABI information found in executable"),
    Refusal(
      "only the first note of a PT_NOTE counts", .notes(.note(openBSDNote + abiNote()), .note(manifestNote())),
      "No Solo5 ABI information found in executable"),
    Refusal(
      "a note outside the file", .notes(.note(abiNote()).with { $0.offset = .max }),
      "phdr[0] bytes read mismatches note size (0 != 20)"),
    Refusal(
      "a note's header cut off by the end", .notes(.note(Array(abiNote().prefix(7))).with { $0.fileSize = 36 }),
      "phdr[0] bytes read mismatches note size (7 != 20)"),
    Refusal(
      "a note's content cut off by the end", .notes(.note(Array(abiNote().prefix(30))).with { $0.fileSize = 36 }),
      "phdr[0] bytes read mismatches note size (10 != 16)"),
    Refusal(
      "content cut off before it starts",
      .notes(.note(abiNote()), .note(Array(manifestNote().prefix(22))).with { $0.fileSize = 136 }),
      "phdr[1] bytes read mismatches note size (0 != 112)"),
    Refusal(
      "an empty note", .notes(.note(note(abi, []))),
      "invalid executable: phdr[0] note does not fall within valid size (0 < 1 || 0 > 32)"),
    Refusal(
      "too large an ABI note", .notes(.note(note(abi, zeros(33)))),
      "invalid executable: phdr[0] note does not fall within valid size (33 < 1 || 33 > 32)"),
    Refusal(
      "a note of 4 GiB", .notes(.note(note(abi, [], size: .max))),
      "invalid executable: phdr[0] note does not fall within valid size (4294967295 < 1 || 4294967295 > 32)"),
    Refusal(
      "a note larger than its PT_NOTE", .notes(.note(abiNote()).with { $0.fileSize = 35 }),
      "invalid executable: phdr[0] note does not fall within valid size (35 < 36)"),
    Refusal(
      "an ABI note of 7 bytes", .notes(.note(note(abi, Array((little(UInt32(1)) + little(UInt32(2))).prefix(7))))),
      "INV_EXE: phdr[0] note does not fall within valid size (7 <= 0 || 7 > 7)"),
    Refusal(
      "another target", .notes(.note(abiNote(target: 2)), .note(manifestNote())),
      "Executable is not for the solo5-hvt target"),
    Refusal(
      "another target comes before another version", .notes(.note(abiNote(target: 2, version: 9))),
      "Executable is not for the solo5-hvt target"),
    Refusal(
      "version 0", .notes(.note(abiNote(version: 0))), "Executable requests unsupported ABI version 0"),
    Refusal(
      "version 3", .notes(.note(abiNote(version: 3))), "Executable requests unsupported ABI version 3"),
    Refusal(
      "the largest version", .notes(.note(abiNote(version: .max))),
      "Executable requests unsupported ABI version 4294967295"),
    Refusal("no manifest", .notes(.note(abiNote())), "No Solo5 manifest found in executable"),
    Refusal(
      "a manifest note that is all padding", .notes(.note(abiNote()), .note(note(mft, zeros(4)))),
      "INV_EXE: phdr[1] note does not fall within valid size (0 <= 0 || 0 > 4)"),
    Refusal(
      "a manifest note smaller than its padding", .notes(.note(abiNote()), .note(note(mft, zeros(3)))),
      "INV_EXE: phdr[1] note does not fall within valid size (18446744073709551615 <= 0 || 18446744073709551615 > 3)"),
    Refusal(
      "a manifest of 7 bytes", .notes(.note(abiNote()), .note(note(mft, zeros(11)))), "Solo5 manifest is invalid"),
    Refusal(
      "a manifest with a byte too many", .notes(.note(abiNote()), .note(manifestNote(manifest([.reserved]) + [0]))),
      "Solo5 manifest is invalid"),
    Refusal(
      "a manifest of 65 entries",
      .notes(.note(abiNote()), .note(manifestNote(manifest(Array(repeating: .reserved, count: 65))))),
      "invalid executable: phdr[1] note does not fall within valid size (6772 < 1 || 6772 > 6668)"),
    Refusal(
      "a manifest that claims 65 entries",
      .notes(.note(abiNote()), .note(manifestNote(manifest(Array(repeating: .reserved, count: 64), count: 65)))),
      "Solo5 manifest is invalid"),
  ]

  @Test("a note that breaks one rule is refused", arguments: refusals)
  func refuses(_ refused: Refusal) {
    #expect(refusal(refused.executable.bytes) == "hello.hvt: \(refused.message)")
  }

  @Test("ABI versions 1 and 2 are accepted", arguments: [(1, .v1), (2, .v2)] as [(UInt32, ABIVersion)])
  func acceptsVersion(_ number: UInt32, _ version: ABIVersion) throws {
    let executable = Executable.notes(.note(abiNote(version: number)), .note(manifestNote()))
    #expect(try parse(executable.bytes).abiVersion == version)
  }

  @Test("an ABI note may have any size from 8 to 32", arguments: [8, 9, 16, 32])
  func acceptsSize(_ size: Int) throws {
    let content = little(UInt32(1)) + little(UInt32(2)) + zeros(24)
    let executable = Executable.notes(.note(note(Self.abi, Array(content.prefix(size)))), .note(manifestNote()))
    #expect(try parse(executable.bytes).abiVersion == .v2)
  }

  @Test("the notes are found in any order, among others, and the first of a kind counts")
  func findsNotes() throws {
    let executable = Executable.notes(
      .note(zeros(12)), .note(note(Self.mft, zeros(200), name: "Xen\0\0\0\0\0", nameSize: 4)),
      .note(manifestNote(manifest([.reserved, .block("disk")]))), .load(0x10_0000, 8), .note(openBSDNote),
      .note(abiNote(version: 1)), .note(abiNote(target: 7)), .note(manifestNote(zeros(8))))
    let image = try parse(executable.bytes)
    #expect(image.abiVersion == .v1)
    #expect(image.manifest.handle(of: "disk", type: .block) == 1)
  }

  @Test("a manifest of 64 entries is accepted")
  func acceptsFullManifest() throws {
    let entries = [Entry.reserved] + (1...63).map { Entry.net("net\($0)") }
    let executable = Executable.notes(.note(abiNote()), .note(manifestNote(manifest(entries))))
    #expect(try parse(executable.bytes).manifest.handle(of: "net63", type: .net) == 63)
  }
}

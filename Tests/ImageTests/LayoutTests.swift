import ABI
import Image
import Testing

/// To add one: a `Refusal` in `refusals`: the rule, an `Executable` that breaks it, and the message.
@Suite("entry point and segments")
struct LayoutTests {
  static let refusals: [Refusal] = [
    Refusal(
      "an entry point below the lowest address", Executable(entry: 0xf_ffff),
      "e_entry does not fall within the memory allocation range (1048575 < 1048576 || 1048575 >= 2097152)"),
    Refusal(
      "an entry point at the end of memory", Executable(entry: 0x20_0000),
      "e_entry does not fall within the memory allocation range (2097152 < 1048576 || 2097152 >= 2097152)"),
    Refusal(
      "the entry point comes before the segments",
      Executable(entry: 0, parts: [.note(abiNote()), .note(manifestNote()), .load(0, 1)]),
      "e_entry does not fall within the memory allocation range (0 < 1048576 || 0 >= 2097152)"),
    Refusal(
      "a segment below the lowest address", .segments(.load(0xf_f000, 1)),
      "phdr[2].p_vaddr outside of valid memory range (1044480 < 1048576)"),
    Refusal(
      "descending segments", .segments(.load(0x10_2000, 1), .load(0x10_1000, 1)),
      "phdr[3].p_vaddr is not in ascending order (1052672 < 1056768)"),
    Refusal(
      "an alignment of 0", .segments(.load(0x10_0000, 1, alignment: 0)),
      "phdr[2].p_vaddr is outside of memory range (align_down with 1048576 (p_vaddr) and 0 (p_align) failed)"),
    Refusal(
      "an alignment that is no power of two", .segments(.load(0x10_0000, 1, alignment: 0x1001)),
      "phdr[2].p_vaddr is outside of memory range (align_down with 1048576 (p_vaddr) and 4097 (p_align) failed)"),
    Refusal(
      "a first page below the lowest address", .segments(.load(0x10_0000, 1, alignment: 0x20_0000)),
      "phdr[2].p_vaddr_start is outside of memory range (0 < 1048576 (p_min_loadaddr))"),
    Refusal(
      "the largest alignment", .segments(.load(0x10_0000, 1, alignment: 1 << 63)),
      "phdr[2].p_vaddr_start is outside of memory range (0 < 1048576 (p_min_loadaddr))"),
    Refusal(
      "segments that share a page", .segments(.load(0x10_0000, 0x1001), .load(0x10_1800, 1)),
      "phdr[3].p_vaddr_start is outside of memory range (1052672 < 1056768 (e_end))"),
    Refusal(
      "a segment in the zeros of another",
      .segments(.load(0x10_0000, 1, memorySize: 0x3000), .load(0x10_2000, 1)),
      "phdr[3].p_vaddr_start is outside of memory range (1056768 < 1060864 (e_end))"),
    Refusal(
      "a segment at the end of memory", .segments(.load(0x20_0000, 1)),
      "phdr[2] program file segment falls outside of valid range (2097152 >= 2097152 (mem_size))"),
    Refusal(
      "a file size that wraps around", .segments(.load(0x10_0000, 1).with { $0.fileSize = .max }),
      "phdr[2] program file segment falls outside of valid range"
        + " (1048576 (p_vaddr) + 18446744073709551615 (p_filesz) overflow)"),
    Refusal(
      "file bytes beyond memory", .segments(.load(0x10_0000, 1).with { $0.fileSize = 0x10_0001 }),
      "phdr[2] program file segment falls outside of valid range (2097153 (p_vaddr + p_filesz) > 2097152 (mem_size))"),
    Refusal(
      "less memory than file", .segments(.load(0x10_0000, 8, memorySize: 7)),
      "phdr[2] program memory segment falls outside of valid range (7 (p_memsz) < 8 (p_filesz))"),
    Refusal(
      "a memory size that wraps around", .segments(.load(0x10_0000, 8, memorySize: .max)),
      "phdr[2] program memory segment falls outside of valid range"
        + " (1048576 (p_vaddr) + 18446744073709551615 (p_memsz) overflow)"),
    Refusal(
      "a last page that wraps around", .segments(.load(0x10_0000, 8, memorySize: .max - 0x10_0000)),
      "phdr[2] program memory segment falls outside of valid range"
        + " (align_up with 18446744073709551615 (p_vaddr_end) and 4096 (p_align) failed)"),
    Refusal(
      "a last page beyond memory", .segments(.load(0x10_0000, 8, memorySize: 0x10_0001)),
      "phdr[2] program memory segment falls outside of valid range"
        + " (2101248 (p_vaddr + p_memsz) > 2097152 (mem_size))"),
    Refusal(
      "a first page that is no page", .segments(.load(0x10_0800, 0x800, alignment: 0x800)),
      "phdr[2] p_vaddr_start not aligned with architectural page size (1050624 & (4095 - 1))"),
    Refusal(
      "a last page that is no page", .segments(.load(0x10_0000, 0x7ff, alignment: 0x800)),
      "phdr[2] p_vaddr_end not aligned with architectural page size (1050624 & (4095 - 1))"),
    Refusal(
      "a segment both writable and executable", .segments(.load(0x10_0000, 1, flags: 7)),
      "phdr[2] requests WRITE and EXEC permissions"),
  ]

  @Test("a layout that breaks one rule is refused", arguments: refusals)
  func refuses(_ refused: Refusal) {
    #expect(refusal(refused.executable.bytes) == "hello.hvt: invalid executable: \(refused.message)")
  }

  @Test(
    "bytes that the file doesn't hold are refused",
    arguments: [(nil, 9, 8), (UInt64.max, 8, 0), (1 << 63, 8, 0)] as [(UInt64?, UInt64, Int)])
  func refusesMissingBytes(_ offset: UInt64?, _ fileSize: UInt64, _ found: Int) {
    let part = Executable.Part.load(0x10_0000, 8).with { part in
      part.offset = offset
      part.fileSize = fileSize
    }
    let sizes = "(pread_in_full returned \(found) != \(fileSize) (p_filesz))"
    let message = refusal(Executable.segments(part).bytes)
    #expect(message == "hello.hvt: phdr[2] host file segment mismatched \(sizes)")
  }

  @Test("segments keep their file range, place, pages and permissions")
  func placesSegments() throws {
    let executable = Executable()
    let layout = try parse(executable.bytes).layout(memorySize: memorySize)
    let file = executable.offset(of: 3)
    #expect(layout.entry.rawValue == 0x10_0000)
    #expect(layout.kernelEnd.rawValue == 0x10_4000)
    #expect(layout.segments.map(\.file) == [file..<file + 300, file + 300..<file + 500, file + 500..<file + 600])
    #expect(layout.segments.map(\.memory.lowerBound.rawValue) == [0x10_0000, 0x10_1000, 0x10_2000])
    #expect(layout.segments.map(\.memory.upperBound.rawValue) == [0x10_012c, 0x10_10c8, 0x10_3800])
    #expect(layout.segments.map(\.pages.lowerBound.rawValue) == [0x10_0000, 0x10_1000, 0x10_2000])
    #expect(layout.segments.map(\.pages.upperBound.rawValue) == [0x10_1000, 0x10_2000, 0x10_4000])
    #expect(
      layout.segments.map(\.permissions) == [
        Segment.Permissions(readable: false, writable: false, executable: true),
        Segment.Permissions(readable: true, writable: false, executable: false),
        Segment.Permissions(readable: true, writable: true, executable: false),
      ])
  }

  @Test("a segment without bytes in the file is skipped, whatever it says")
  func skipsZeros() throws {
    let executable = Executable.segments(
      .zeros(0, memorySize: .max), .load(0x10_0000, 8), .zeros(0x10_1000, memorySize: 0x5000))
    let layout = try parse(executable.bytes).layout(memorySize: memorySize)
    #expect(layout.segments.count == 1)
    #expect(layout.kernelEnd.rawValue == 0x10_1000)
  }

  @Test("an executable without segments is accepted, and ends at 0")
  func acceptsNoSegments() throws {
    let layout = try parse(Executable.segments().bytes).layout(memorySize: memorySize)
    #expect(layout.segments.isEmpty)
    #expect(layout.kernelEnd.rawValue == 0)
  }

  @Test("a segment may end with memory, and an entry point lie in its last byte")
  func acceptsFullMemory() throws {
    var executable = Executable.segments(.load(0x10_0000, 1, memorySize: 0x10_0000))
    executable.entry = 0x1f_ffff
    let layout = try parse(executable.bytes).layout(memorySize: memorySize)
    #expect(layout.kernelEnd.rawValue == memorySize)
  }

  @Test("an unaligned segment's pages begin below it, at its alignment")
  func alignsDown() throws {
    let executable = Executable.segments(.load(0x11_2345, 8, alignment: 0x1_0000))
    let layout = try parse(executable.bytes).layout(memorySize: memorySize)
    let pages = try #require(layout.segments.first).pages
    #expect(pages == GuestAddress(rawValue: 0x11_0000)..<GuestAddress(rawValue: 0x12_0000))
  }

  @Test(
    "on a host with larger pages, a segment starts with one, and a read-only one ends with one",
    arguments: [
      (0x1000, [Executable.Part.load(0x10_0000, 1), .load(0x10_1000, 1, flags: 6)], nil),
      (0x4000, [.load(0x10_0000, 1), .load(0x10_4000, 1, flags: 6)], 0x10_0000),
      (0x4000, [.load(0x10_0000, 0x3001), .load(0x10_4000, 1, flags: 6)], nil),
      (0x4000, [.load(0x10_0000, 0x3001), .load(0x10_5000, 1, flags: 6)], 0x10_5000),
      (0x4000, [.load(0x10_0000, 1, alignment: 0x4000), .load(0x10_4000, 1, alignment: 0x4000)], nil),
      (0x4000, [.load(0x10_0000, 1, alignment: 0x1_0000), .load(0x11_0000, 0x800, flags: 6)], nil),
      (0x1_0000, [.load(0x10_0000, 1, alignment: 0x4000), .load(0x10_4000, 1, alignment: 0x4000)], 0x10_0000),
      (0x1_0000, [.zeros(0x10_4000, memorySize: 0)], nil),
    ] as [(UInt64, [Executable.Part], UInt64?)])
  func placesForLargerPages(_ hostPage: UInt64, _ parts: [Executable.Part], _ expected: UInt64?) throws {
    let executable = Executable(parts: [.note(abiNote()), .note(manifestNote())] + parts)
    let layout = try parse(executable.bytes).layout(memorySize: memorySize)
    #expect(layout.unprotectable(hostPage: hostPage)?.memory.lowerBound.rawValue == expected)
  }

  @Test("memory too small for anything is refused", arguments: [0, 1, 0x10_0000] as [UInt64])
  func refusesSmallMemory(_ size: UInt64) {
    let range = "(1048576 < 1048576 || 1048576 >= \(size))"
    #expect(
      refusal(Executable().bytes, memorySize: size)
        == "hello.hvt: invalid executable: e_entry does not fall within the memory allocation range \(range)")
  }

  @Test("segments of zeros only are told of, though nothing loads them")
  func zeroSegments() {
    let executable = Executable.segments(
      .zeros(0x10_4000, memorySize: 0x5000), .load(0x10_0000, 8), .zeros(0x20_0000, memorySize: 0))
    let bytes = executable.bytes
    // SAFETY: the bytes of a span of integers are initialised.
    let found = ImageParts.zeros(in: unsafe bytes.span.bytes, machine: .x86_64)
    #expect(found.map(\.address) == [0x10_4000] && found.map(\.size) == [0x5000])
    #expect(found.first?.permissions == Segment.Permissions(readable: true, writable: true, executable: false))
  }
}

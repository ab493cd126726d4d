import ABI
import CLinux
import Foundation
import Host
import Image
import Machine
import Testing

private let mebibyte: UInt64 = 1 << 20

extension GuestAddress: ExpressibleByIntegerLiteral {
  /// Makes an address of a literal.
  public init(integerLiteral value: UInt64) { self.init(rawValue: value) }
}

/// The protection of each mapped part of [start, end), neighbours with the same one joined; a hole is `none`.
private func protections(_ start: UInt, _ end: UInt) throws -> [(range: Range<UInt>, mode: String)] {
  let maps = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
  var parts: [(range: Range<UInt>, mode: String)] = []
  var next = start
  func add(_ range: Range<UInt>, _ mode: String) {
    guard !range.isEmpty else { return }
    if let last = parts.last, last.mode == mode {
      parts[parts.count - 1].range = last.range.lowerBound..<range.upperBound
    } else {
      parts.append((range, mode))
    }
  }
  for line in maps.split(separator: "\n") {
    let words = line.split(separator: " ")
    let bounds = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
    let low = max(bounds[0], start)
    let high = min(bounds[1], end)
    guard low < high else { continue }
    if low > next { add(next..<low, "none") }
    add(low..<high, String(words[1]))
    next = high
  }
  if next < end { add(next..<end, "none") }
  return parts
}

/// To add one: a row of `contains` or of `writable`: an address, a length, and the answer.
@Suite("guest memory")
struct GuestMemoryTests {
  @Test(
    "the window is aligned, and what follows RAM in it and behind it can't be touched",
    arguments: [(2, 2), (6, 8), (514, 1024), (4096, 4096)] as [(UInt64, UInt64)])
  func window(_ size: UInt64, _ window: UInt64) throws {
    let memory = try GuestMemory(size: size * mebibyte, segments: 0)
    #expect(memory.size == size * mebibyte)
    #expect(memory.window == window * mebibyte)
    #expect(UInt64(memory.base) % memory.window == 0)
    let ram = memory.base + UInt(memory.size)
    let end = memory.base + UInt(memory.window) + UInt(Bounds.transfer)
    let parts = try protections(memory.base, end)
    #expect(parts.map(\.mode) == ["rw-p", "---p"])
    #expect(parts.map(\.range) == [memory.base..<ram, ram..<end])
  }

  @Test(
    "a range is in RAM if all of it is, whatever the numbers",
    arguments: [
      (0, 0, true), (0, 0x20_0000, true), (0, 0x20_0001, false), (0x1f_ffff, 1, true), (0x1f_ffff, 2, false),
      (0x20_0000, 0, true), (0x20_0000, 1, false), (0x20_0001, 0, false), (.max, 0, false), (.max, 1, false),
      (1, .max, false), (.max, .max, false), (0x1f_fff8, .max - 7, false), (1 << 63, 1 << 63, false),
    ] as [(UInt64, UInt64, Bool)])
  func contains(_ address: UInt64, _ count: UInt64, _ expected: Bool) throws {
    let memory = try GuestMemory(size: 2 * mebibyte, segments: 0)
    #expect(memory.contains(GuestAddress(rawValue: address), count: count) == expected)
  }

  @Test(
    "a range is writable if no byte of it is in a segment that can't be written",
    arguments: [
      (0x10_0000, 0x1000, true), (0x0f_ffff, 1, false), (0x0f_ffff, 2, true), (0x10_0fff, 1, true),
      (0x10_1000, 1, false), (0x10_0800, 0, false), (0x0f_0000, 0x10_0000, true), (0x10_2000, 0x1000, false),
      (0x10_4fff, 1, true), (0x10_5000, 0x10_0000 - 0x5000, false),
    ] as [(UInt64, UInt64, Bool)])
  func writable(_ start: UInt64, _ count: UInt64, _ restricted: Bool) throws {
    let address = GuestAddress(rawValue: start)
    for access in [GuestMemory.Access.read, .none] {
      var memory = try GuestMemory(size: 2 * mebibyte, segments: 3)
      try memory.protect(0x10_0000..<0x10_1000, access)
      try memory.protect(0x10_2000..<0x10_4000, .write)
      try memory.protect(0x10_4000..<0x10_5000, access)
      #expect(memory.admits(.write, at: address, count: count) == !restricted)
      #expect(memory.admits(.read, at: address, count: count) == (!restricted || access == .read))
    }
  }

  @Test("a structure in a segment that can't be read is none, not even in part")
  func unreadable() throws {
    var memory = try GuestMemory(size: 2 * mebibyte, segments: 2)
    try memory.protect(0x10_0000..<0x10_1000, .none)
    try memory.protect(0x10_1000..<0x10_2000, .read)
    for (address, count, readable) in [
      (0x0f_fff8, 8, true), (0x0f_fff8, 9, false), (0x10_0000, 1, false), (0x10_0fff, 2, false), (0x10_1000, 8, true),
    ] {
      let structure = memory.structure(at: GuestAddress(rawValue: UInt64(address)), count: count)
      #expect((structure != nil) == readable, "\(address) \(count)")
    }
  }

  @Test("a segment's flags say what may be done with it", arguments: 0..<8)
  func flags(_ flags: Int) {
    let permissions = Segment.Permissions(
      readable: flags & 4 != 0, writable: flags & 2 != 0, executable: flags & 1 != 0)
    #expect(GuestMemory.Access(permissions) == (flags == 0 ? .none : flags & 2 == 0 ? .read : .write))
  }

  @Test("a segment's pages are protected, and only these")
  func protects() throws {
    var memory = try GuestMemory(size: 2 * mebibyte, segments: 3)
    try memory.protect(0x10_0000..<0x10_1000, .read)
    try memory.protect(0x10_1000..<0x10_3000, .none)
    try memory.protect(0x11_0000..<0x11_0000, .read)
    let parts = try protections(memory.base, memory.base + UInt(memory.size))
    try #require(parts.map(\.mode) == ["rw-p", "r--p", "---p", "rw-p"])
    #expect(parts[1].range == memory.base + 0x10_0000..<memory.base + 0x10_1000)
    #expect(parts[2].range == memory.base + 0x10_1000..<memory.base + 0x10_3000)
  }

  @Test("a structure is a copy that later writes don't change")
  func copies() throws {
    let memory = try GuestMemory(size: 2 * mebibyte, segments: 0)
    memory.store(0x0807_0605_0403_0201 as UInt64, at: 0x1003)
    let copy = try #require(memory.structure(at: 0x1003, count: 8))
    memory.store(UInt64.max, at: 0x1003)
    #expect((0..<40).map { copy[$0] } == [1, 2, 3, 4, 5, 6, 7, 8] + Array(repeating: 0, count: 32))
    #expect(memory.structure(at: GuestAddress(rawValue: 2 * mebibyte - 40), count: 40) != nil)
    #expect(memory.structure(at: GuestAddress(rawValue: 2 * mebibyte - 39), count: 40) == nil)
    #expect(memory.structure(at: GuestAddress(rawValue: .max), count: 1) == nil)
  }

  @Test("numbers and bytes are stored where they should be, little-endian")
  func stores() throws {
    let memory = try GuestMemory(size: 2 * mebibyte, segments: 0)
    memory.store(Int32(-2), at: GuestAddress(rawValue: 2 * mebibyte - 4))
    let bytes: [UInt8] = [7, 8, 9]
    // SAFETY: the bytes of a span of integers are initialised.
    unsafe memory.store(bytes.span.bytes, at: 0x2001)
    let end = try #require(memory.structure(at: GuestAddress(rawValue: 2 * mebibyte - 5), count: 5))
    #expect((0..<5).map { end[$0] } == [0, 0xfe, 0xff, 0xff, 0xff])
    let middle = try #require(memory.structure(at: 0x2000, count: 5))
    #expect((0..<5).map { middle[$0] } == [0, 7, 8, 9, 0])
  }

  @Test("a write past the end of RAM is never made")
  func trapsBeyond() async {
    await #expect(processExitsWith: .failure) {
      let memory = try GuestMemory(size: 2 << 20, segments: 0)
      memory.store(UInt64(0), at: 0x1f_fff9)
    }
  }
}

import ABI
import Testing

/// Bytes that all differ: byte n is n + 1.
func counting(_ count: Int) -> [UInt8] { (0..<count).map { UInt8($0 + 1) } }

/// The number that eight or four counting bytes from an offset make.
func word(_ offset: UInt64) -> UInt64 { 0x0807_0605_0403_0201 + offset * 0x0101_0101_0101_0101 }

func decode<C: Call>(_ type: C.Type, _ bytes: [UInt8]) -> C? {
  // SAFETY: the bytes of a span of integers are initialised.
  C(unsafe bytes.span.bytes)
}

func write<Value>(_ value: Value, _ field: Field<Value>, over bytes: [UInt8]) -> [UInt8] {
  var bytes = bytes
  var span = bytes.mutableSpan
  // SAFETY: every bit pattern is a byte.
  var raw = unsafe span.mutableBytes
  field.write(value, to: &raw)
  return bytes
}

/// To add one: an answer is a row of `writesWords` or `writesResults`; an input, a line of `decodes`.
@Suite("hypercalls and their structures")
struct CallTests {
  @Test("numbers are those of the ABI")
  func numbers() {
    #expect(Hypercall.allCases.map(\.rawValue) == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(Hypercall.walltime.rawValue == 1 && Hypercall.puts.rawValue == 2 && Hypercall.poll.rawValue == 3)
    #expect(Hypercall.blockWrite.rawValue == 4 && Hypercall.blockRead.rawValue == 5)
    #expect(Hypercall.netWrite.rawValue == 6 && Hypercall.netRead.rawValue == 7 && Hypercall.halt.rawValue == 8)
    #expect([ReturnCode.ok, .again, .invalid, .unspecified].map(\.rawValue) == [0, 1, 2, 3])
    #expect(HaltCall.cookieSize == 512)
    #expect(Hypercall.ports.count == Hypercall.allCases.count + 1, "the last one is another")
  }

  @Test(
    "a port is a number from 0x500 to 0x508",
    arguments: [
      (0, nil), (0x4ff, nil), (0x500, 0), (0x501, 1), (0x508, 8), (0x509, nil), (0x600, nil), (0xffff, nil),
    ] as [(UInt16, UInt16?)])
  func ports(_ port: UInt16, _ number: UInt16?) {
    #expect(Hypercall.number(port: port) == number)
  }

  @Test(
    "an address is a number from 4 GiB on, eight bytes each",
    arguments: [
      (0, nil), (0xffff_ffff, nil), (0x1_0000_0000, 0), (0x1_0000_0007, 0), (0x1_0000_0008, 1), (0x1_0000_0047, 8),
      (0x1_0000_0048, nil), (.max, nil),
    ] as [(UInt64, UInt16?)])
  func addresses(_ address: UInt64, _ number: UInt16?) {
    #expect(Hypercall.number(address: GuestAddress(rawValue: address)) == number)
  }

  @Test("inputs are decoded from their offsets")
  func decodes() throws {
    #expect(decode(WalltimeCall.self, counting(8)) != nil)
    let puts = try #require(decode(PutsCall.self, counting(16)))
    #expect(puts.data.rawValue == word(0) && puts.length == word(8))
    let poll = try #require(decode(PollCall.self, counting(24)))
    #expect(poll.timeout == word(0))
    let block = try #require(decode(BlockCall.self, counting(40)))
    #expect(block.handle == word(0) && block.offset == word(8))
    #expect(block.data.rawValue == word(16) && block.length == word(24))
    let net = try #require(decode(NetCall.self, counting(32)))
    #expect(net.handle == word(0) && net.data.rawValue == word(8) && net.length == word(16))
    let halt = try #require(decode(HaltCall.self, counting(16)))
    #expect(halt.cookie?.rawValue == word(0) && halt.exitStatus == 0x0c0b_0a09)
  }

  @Test("a cookie of 0 is none, and a status may be negative")
  func decodesHalt() throws {
    let halt = try #require(decode(HaltCall.self, zeros(8) + Array(repeating: 0xff, count: 8)))
    #expect(halt.cookie == nil && halt.exitStatus == -1)
  }

  @Test("a structure cut short is not decoded")
  func refusesShort() {
    for count in 0..<8 { #expect(decode(WalltimeCall.self, zeros(count)) == nil) }
    for count in 0..<16 { #expect(decode(PutsCall.self, zeros(count)) == nil) }
    for count in 0..<24 { #expect(decode(PollCall.self, zeros(count)) == nil) }
    for count in 0..<40 { #expect(decode(BlockCall.self, zeros(count)) == nil) }
    for count in 0..<32 { #expect(decode(NetCall.self, zeros(count)) == nil) }
    for count in 0..<16 { #expect(decode(HaltCall.self, zeros(count)) == nil) }
  }

  @Test(
    "64-bit answers are written at their offsets, and nothing else is",
    arguments: [
      (WalltimeCall.nanoseconds, WalltimeCall.size, 0), (PollCall.readySet, PollCall.size, 8),
      (NetCall.length, NetCall.size, 16),
    ] as [(Field<UInt64>, Int, Int)])
  func writesWords(_ field: Field<UInt64>, _ size: Int, _ offset: Int) {
    var expected = [UInt8](repeating: 0xee, count: size)
    expected.replaceSubrange(offset..<offset + 8, with: counting(8))
    #expect(write(word(0), field, over: Array(repeating: 0xee, count: size)) == expected)
    #expect(field.end == offset + 8)
  }

  @Test(
    "32-bit answers are written at their offsets, and nothing else is",
    arguments: [
      (PollCall.result, PollCall.size, 16), (BlockCall.result, BlockCall.size, 32), (NetCall.result, NetCall.size, 24),
    ] as [(Field<Int32>, Int, Int)])
  func writesResults(_ field: Field<Int32>, _ size: Int, _ offset: Int) {
    var expected = [UInt8](repeating: 0xee, count: size)
    expected.replaceSubrange(offset..<offset + 4, with: [1, 2, 3, 4])
    #expect(write(0x0403_0201, field, over: Array(repeating: 0xee, count: size)) == expected)
  }
}

@Suite("the boot info")
struct BootInfoTests {
  @Test("fields have the order and the size of the ABI, and a ring is not offered")
  func encodes() {
    let info = BootInfo(
      memorySize: word(0), kernelEnd: GuestAddress(rawValue: word(8)), cycleFrequency: word(16),
      commandLine: GuestAddress(rawValue: word(24)), manifest: GuestAddress(rawValue: word(32)))
    #expect(info.encode() == counting(40) + zeros(16))
    #expect(BootInfo.size == 56)
  }

  @Test("boot info, manifest and command line follow each other and end below the unikernel")
  func places() throws {
    let full = try decode(manifest(Array(repeating: .reserved, count: 64)))
    #expect(GuestLayout.bootInfo.rawValue == 0x1_0000)
    #expect(GuestLayout.manifest.rawValue == 0x1_0038)
    #expect(GuestLayout.commandLine(after: full).rawValue == 0x1_1a40)
    #expect((GuestLayout.commandLine(after: full) + GuestLayout.commandLineSize).rawValue == 0x1_3a40)
    #expect(GuestLayout.lowestLoadAddress.rawValue == 0x10_0000)
  }

  @Test("a sum past the 64-bit space is never an address")
  func sums() async {
    #expect((GuestAddress(rawValue: .max - 1) + 1).rawValue == .max)
    await #expect(processExitsWith: .failure) { _ = GuestAddress(rawValue: .max) + 1 }
  }

  @Test("a read that leaves the span gives nothing", arguments: [-1, 1, 8, Int.max, Int.min])
  func reads(_ offset: Int) {
    let bytes = counting(8)
    // SAFETY: the bytes of a span of integers are initialised.
    let span = unsafe bytes.span.bytes
    #expect(span.read(UInt64.self, at: offset) == nil)
    #expect(span.read(UInt64.self, at: 0) == word(0))
    #expect(span.copy(offset..<max(offset, 9)) == nil)
  }
}

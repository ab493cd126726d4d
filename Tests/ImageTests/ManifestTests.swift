import ABI
import Testing
import Text

func decode(_ bytes: [UInt8]) throws(ManifestError) -> Manifest {
  // SAFETY: the bytes of a span of integers are initialised.
  try Manifest(unsafe bytes.span.bytes)
}

/// To add one: a row of `refusals`: the rule, the bytes of a manifest that breaks it, and the error.
@Suite("the manifest")
struct ManifestTests {
  static let mac: [UInt8] = [2, 0, 0, 0xaa, 0xbb, 0xcc]

  static let refusals: [(String, [UInt8], ManifestError)] = [
    ("empty", [], .wrongSize),
    ("no whole header", Array(manifest([]).prefix(7)), .wrongSize),
    ("version 0", manifest([.reserved], version: 0), .unknownVersion),
    ("version 2", manifest([.reserved], version: 2), .unknownVersion),
    ("no entries", manifest([]), .wrongCount),
    ("65 entries", manifest(Array(repeating: .reserved, count: 65)), .wrongCount),
    ("a count of 4 G", manifest([.reserved], count: .max), .wrongCount),
    ("a byte short", manifest([.reserved]).dropLast(), .wrongSize),
    ("a byte long", manifest([.reserved]) + [0], .wrongSize),
    ("an entry short", manifest([.reserved], count: 2), .wrongSize),
    ("an entry long", manifest([.reserved, .block("a")], count: 1), .wrongSize),
    ("first entry a device", manifest([.block("")]), .firstNotReserved),
    ("first entry of another reserved type", manifest([Entry(name: [], type: 1 << 30 + 1)]), .firstNotReserved),
    ("first entry with a name", manifest([Entry(name: [1], type: 1 << 30)]), .firstNotReserved),
    (
      "a name without terminator",
      manifest([.reserved, Entry(name: Array(repeating: 97, count: 67), type: 1, terminator: 97)]),
      .unterminatedName(handle: 1)
    ),
    (
      "a name terminated early, and not at its end",
      manifest([.reserved, Entry(name: [97], type: 1, terminator: 97)]), .unterminatedName(handle: 1)
    ),
    (
      "an attached device",
      manifest([.reserved, .block("a"), Entry(name: [97], type: 1, attached: 1)]), .alreadyAttached(handle: 2)
    ),
    (
      "an attached first entry", manifest([Entry(name: [], type: 1 << 30, attached: 0x80)]),
      .alreadyAttached(handle: 0)
    ),
  ]

  @Test("a manifest that breaks one rule is refused", arguments: refusals)
  func refuses(_ rule: String, _ bytes: [UInt8], _ error: ManifestError) {
    #expect(throws: error) { try decode(bytes) }
  }

  @Test("a manifest of 1 to 64 entries is accepted", arguments: [1, 2, 63, 64])
  func acceptsCount(_ count: Int) throws {
    let entries = Array(repeating: Entry.block("disk"), count: count - 1)
    let decoded = try decode(manifest([.reserved] + entries))
    #expect(decoded.entries.count == count)
    #expect(decoded.encodedSize == 8 + 104 * count)
  }

  @Test("a lookup gives the first entry of the name and the type")
  func finds() throws {
    let decoded = try decode(
      manifest([.reserved, .net("one"), .block("one"), .block("one"), Entry(name: [120], type: 7)]))
    #expect(decoded.handle(of: "one", type: .block) == 2)
    #expect(decoded.handle(of: "one", type: .net) == 1)
    #expect(decoded.handle(of: "one", type: .other(7)) == nil)
    #expect(decoded.handle(of: "x", type: .other(7)) == 4)
    #expect(decoded.handle(of: "on", type: .net) == nil)
    #expect(decoded.handle(of: "", type: .net) == nil)
  }

  @Test("a name ends at its first NUL and has at most 67 bytes")
  func readsNames() throws {
    let long = [UInt8](repeating: 0xff, count: 67)
    let decoded = try decode(manifest([.reserved, Entry(name: [97, 0, 98], type: 1), Entry(name: long, type: 2)]))
    #expect(decoded.entries.map(\.name.bytes) == [[], [97], long])
  }

  @Test("the properties that a unikernel asks for are kept")
  func keepsProperties() throws {
    let decoded = try decode(
      manifest([
        .reserved, .block("disk", little(UInt64(9)) + little(UInt16(4096))),
        .net("net", Self.mac + little(UInt16(1400))),
      ]))
    let mac = MACAddress([2, 0, 0, 0xaa, 0xbb, 0xcc])
    #expect(decoded.entries[1].device == .block(BlockProperties(capacity: 9, blockSize: 4096)))
    #expect(decoded.entries[2].device == .net(NetProperties(mac: mac, mtu: 1400)))
    #expect(!mac.isZero)
    #expect(MACAddress(InlineArray(repeating: 0)).isZero)
  }

  @Test("devices are unattached until attached; some types are none")
  func attaches() throws {
    var decoded = try decode(
      manifest([.reserved, .block("disk"), Entry(name: [120], type: 7), Entry(name: [121], type: 1 << 30 + 5)]))
    #expect(decoded.entries.allSatisfy { !$0.isAttached })
    #expect(decoded.entries.map { $0.device.type.isReserved } == [true, false, false, true])
    #expect(string(decoded.entries[1].device.type.name) == "BLOCK_BASIC")
    #expect(string(decoded.entries[2].device.type.name) == "<undefined type>")
    decoded.attach(.block(BlockProperties(capacity: 512, blockSize: 512)), at: 1)
    #expect(decoded.entries.map(\.isAttached) == [false, true, false, false])
  }

  @Test("the guest's copy has the properties, and zeros for the host's descriptor and the padding")
  func encodes() throws {
    var decoded = try decode(manifest([.reserved, .block("disk"), .net("net")]))
    decoded.attach(.block(BlockProperties(capacity: 0x0102_0304_0506, blockSize: 512)), at: 1)
    decoded.attach(.net(NetProperties(mac: MACAddress([2, 0, 0, 0xaa, 0xbb, 0xcc]), mtu: 1500)), at: 2)
    let header = little(UInt32(1)) + little(UInt32(3))
    let first = zeros(68) + little(UInt32(1 << 30)) + zeros(32)
    let disk =
      Array("disk".utf8) + zeros(64) + little(UInt32(1)) + little(UInt64(0x0102_0304_0506)) + little(UInt16(512))
      + zeros(14) + [1] + zeros(7)
    let net =
      Array("net".utf8) + zeros(65) + little(UInt32(2)) + Self.mac + little(UInt16(1500)) + zeros(16) + [1] + zeros(7)
    #expect(decoded.encode() == header + first + disk + net)
  }

  @Test("an unattached manifest's copy is a manifest again")
  func roundTrips() throws {
    let decoded = try decode(
      manifest([.reserved, .net("net", Self.mac + little(UInt16(9000))), Entry(name: [120], type: 7)]))
    #expect(try decode(decoded.encode()) == decoded)
  }

  @Test("a second attachment replaces the first")
  func replaces() throws {
    var decoded = try decode(manifest([.reserved, .block("disk")]))
    decoded.attach(.block(BlockProperties(capacity: 1024, blockSize: 512)), at: 1)
    decoded.attach(.block(BlockProperties(capacity: 4096, blockSize: 1024)), at: 1)
    #expect(decoded.entries[1].device == .block(BlockProperties(capacity: 4096, blockSize: 1024)))
  }

  @Test("attaching a device to an entry of another type traps")
  func trapsOnType() async {
    await #expect(processExitsWith: .failure) {
      var decoded = try decode(manifest([.reserved, .net("net")]))
      decoded.attach(.block(BlockProperties(capacity: 1024, blockSize: 512)), at: 1)
    }
  }
}

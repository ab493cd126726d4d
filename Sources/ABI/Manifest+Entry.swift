package import Text

extension Manifest {
  /// An entry of a manifest: one declared device (`struct mft_entry`).
  ///
  /// | offset | field | |
  /// |---|---|---|
  /// | 0 | name | 68 bytes, ending in a NUL |
  /// | 68 | type | u32 |
  /// | 72 | capacity, block_size | u64, u16: a disk |
  /// | 72 | mac, mtu | 6 bytes, u16: a network interface |
  /// | 88 | hostfd | 8 bytes of the tender's |
  /// | 96 | attached | u8 |
  /// | 97 | padding | 7 bytes |
  package struct Entry: Equatable, Sendable {
    /// The size of an encoded entry in bytes.
    package static var size: Int { 104 }
    /// The most bytes a name may have, its terminator not counted (`MFT_NAME_MAX`).
    package static var maximumNameLength: Int { 67 }

    /// The name without its terminator; any bytes but NUL, and none for the reserved first entry.
    package let name: Text
    /// The device; until it's attached, the properties that the unikernel asks for.
    package internal(set) var device: DeviceProperties
    /// Whether the tender has attached something to it.
    package internal(set) var isAttached = false
  }
}

extension Manifest.Entry {
  private static var type: Field<UInt32> { Field(at: 68) }
  private static var capacity: Field<UInt64> { Field(at: 72) }
  private static var blockSize: Field<UInt16> { Field(at: 80) }
  private static var mac: Int { 72 }
  private static var mtu: Field<UInt16> { Field(at: 78) }
  private static var attached: Field<UInt8> { Field(at: 96) }

  /// Decodes and validates one entry; what `hostfd` and the padding hold is dropped.
  init(_ bytes: RawSpan, handle: Int) throws(ManifestError) {
    guard bytes.byteCount == Self.size, let field = bytes.copy(0..<Self.maximumNameLength),
      let terminator = bytes.read(UInt8.self, at: Self.maximumNameLength),
      let attached = Self.attached.read(from: bytes), let device = Self.device(bytes)
    else { throw .wrongSize }
    guard terminator == 0 else { throw .unterminatedName(handle: handle) }
    guard attached == 0 else { throw .alreadyAttached(handle: handle) }
    name = Text(bytes: Array(field.prefix { $0 != 0 }))
    self.device = device
  }

  private static func device(_ bytes: RawSpan) -> DeviceProperties? {
    guard let number = type.read(from: bytes) else { return nil }
    switch DeviceType(rawValue: number) {
    case .block:
      guard let capacity = capacity.read(from: bytes), let blockSize = blockSize.read(from: bytes) else { return nil }
      return .block(BlockProperties(capacity: capacity, blockSize: blockSize))
    case .net:
      guard let octets = bytes.copy(mac..<mac + MACAddress.size), let mtu = mtu.read(from: bytes) else { return nil }
      return .net(NetProperties(mac: MACAddress(InlineArray { octets[$0] }), mtu: mtu))
    case .other(let number): return .other(number)
    }
  }

  /// Appends the entry's `size` bytes.
  func encode(to bytes: inout [UInt8]) {
    let start = bytes.count
    bytes.append(contentsOf: name.bytes)
    bytes.pad(to: start + Self.type.offset)
    bytes.append(littleEndian: device.type.rawValue)
    switch device {
    case .block(let properties):
      bytes.append(littleEndian: properties.capacity)
      bytes.append(littleEndian: properties.blockSize)
    case .net(let properties):
      for index in properties.mac.octets.indices { bytes.append(properties.mac.octets[index]) }
      bytes.append(littleEndian: properties.mtu)
    case .other: break
    }
    bytes.pad(to: start + Self.attached.offset)
    bytes.append(isAttached ? 1 : 0)
    bytes.pad(to: start + Self.size)
  }
}

package import Text

/// The kind of a manifest entry (`mft_type_t`).
package enum DeviceType: Equatable, Sendable {
  /// A disk, number 1.
  case block
  /// A network interface, number 2.
  case net
  /// Any other number; those from `firstReserved` on are no devices.
  case other(UInt32)

  /// The lowest number that never stands for a device (`MFT_RESERVED_FIRST`).
  package static var firstReserved: UInt32 { 1 << 30 }

  /// Makes the type of a number; every number is one.
  package init(rawValue: UInt32) {
    switch rawValue {
    case 1: self = .block
    case 2: self = .net
    default: self = .other(rawValue)
    }
  }

  /// The type's number in a manifest.
  package var rawValue: UInt32 {
    switch self {
    case .block: 1
    case .net: 2
    case .other(let number): number
    }
  }

  /// Whether an entry of the type is no device, and so needs nothing attached.
  package var isReserved: Bool { rawValue >= Self.firstReserved }

  /// The type's name in messages.
  package var name: Text {
    switch self {
    case .block: "BLOCK_BASIC"
    case .net: "NET_BASIC"
    case .other: "<undefined type>"
    }
  }
}

/// The properties of a disk (`struct mft_block_basic`).
package struct BlockProperties: Equatable, Sendable {
  /// The size of the disk in bytes.
  package var capacity: UInt64
  /// The size of a block in bytes; 0 in a unikernel's manifest leaves it to the tender.
  package var blockSize: UInt16

  /// Makes properties of their values.
  package init(capacity: UInt64, blockSize: UInt16) {
    self.capacity = capacity
    self.blockSize = blockSize
  }
}

/// The properties of a network interface (`struct mft_net_basic`).
package struct NetProperties: Equatable, Sendable {
  /// The guest's hardware address; all zero in a unikernel's manifest leaves it to the tender.
  package var mac: MACAddress
  /// The size in bytes of the longest frame, its header not counted.
  package var mtu: UInt16

  /// Makes properties of their values.
  package init(mac: MACAddress, mtu: UInt16) {
    self.mac = mac
    self.mtu = mtu
  }
}

/// What a manifest entry says of its device: the type and the properties that go with it.
package enum DeviceProperties: Equatable, Sendable {
  /// A disk.
  case block(BlockProperties)
  /// A network interface.
  case net(NetProperties)
  /// An entry of another type, which has no properties that Brig knows.
  case other(UInt32)

  /// The device's type.
  package var type: DeviceType {
    switch self {
    case .block: .block
    case .net: .net
    case .other(let number): .other(number)
    }
  }
}

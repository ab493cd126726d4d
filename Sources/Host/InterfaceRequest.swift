import CLinux
package import Text

/// A question to the kernel about a network interface (`struct ifreq`, netdevice(7)): a name of 16 bytes and a union of
/// 24.
package struct InterfaceRequest {
  /// The room for an interface's name with its terminator.
  package static var nameSize: Int { 16 }

  var bytes = InlineArray<40, UInt8>(repeating: 0)

  package init(_ name: Text) {
    for (index, byte) in name.bytes.prefix(Self.nameSize - 1).enumerated() { bytes[index] = byte }
  }

  /// The interface's name.
  package var name: Text {
    var name = Text()
    for index in 0..<Self.nameSize {
      guard bytes[index] != 0 else { break }
      name.append(byte: bytes[index])
    }
    return name
  }

  /// The union as flags.
  package var short: UInt16 {
    get { UInt16(bytes[16]) | UInt16(bytes[17]) << 8 }
    set {
      bytes[16] = UInt8(truncatingIfNeeded: newValue)
      bytes[17] = UInt8(truncatingIfNeeded: newValue >> 8)
    }
  }

  /// Makes the request and returns the kernel's answer.
  package mutating func raw(_ request: UInt, _ descriptor: Int32) -> Int {
    var span = bytes.mutableSpan
    return unsafe span.withUnsafeMutableBytes {
      // SAFETY: the kernel reads and writes the structure's 40 bytes during the call.
      Kernel.raw(.ioctl, Int(descriptor), Int(bitPattern: request), Int(bitPattern: $0.baseAddress))
    }
  }

  /// Makes the request.
  package mutating func make(_ request: UInt, _ descriptor: Int32) throws(SystemError) {
    let result = raw(request, descriptor)
    guard result >= 0 else { throw SystemError(call: "ioctl", code: Int32(-result)) }
  }

  /// A socket through which interfaces are asked.
  package static func socket() throws(SystemError) -> Descriptor {
    Descriptor(owning: Int32(try Kernel.call(.socket, Int(AF_INET), Int(CLINUX_SOCK_DGRAM | CLINUX_SOCK_CLOEXEC), 0)))
  }

  /// The largest packet that an interface takes, in bytes without the Ethernet header.
  package static func mtu(of interface: Text, _ socket: borrowing Descriptor) throws(SystemError) -> UInt16 {
    var request = InterfaceRequest(interface)
    try request.make(UInt(SIOCGIFMTU), socket.raw)
    return request.short
  }

  /// Whether the interface of this name in our network namespace is the one that a TAP descriptor belongs to.
  ///
  /// They are taken for the same if they have the same hardware address, which a TAP gets at random.
  package static func isHere(_ interface: Text, tap: Int32) -> Bool {
    var there = InterfaceRequest("")
    var here = InterfaceRequest(interface)
    guard let socket = try? socket(), there.raw(UInt(SIOCGIFHWADDR), tap) == 0,
      here.raw(UInt(SIOCGIFHWADDR), socket.raw) == 0
    else { return false }
    // struct sockaddr: the family, then the six bytes of the address.
    return (18..<24).allSatisfy { there.bytes[$0] == here.bytes[$0] }
  }

  /// The hardware address of the interface that a TAP descriptor belongs to, six bytes in one number.
  package static func address(tap: Int32) -> UInt64 {
    var request = InterfaceRequest("")
    _ = request.raw(UInt(SIOCGIFHWADDR), tap)
    var address: UInt64 = 0
    for index in 18..<24 { address = address << 8 | UInt64(request.bytes[index]) }
    return address
  }

  /// Keeps the host from merging what the guest sends into larger frames; a host that can't is left as it is.
  package static func disableOffload(of interface: Text, _ socket: borrowing Descriptor) {
    // struct ethtool_value (linux/ethtool.h): a command and its value; ETHTOOL_SGSO is 0x24, ETHTOOL_SGRO 0x2c.
    for command: UInt64 in [0x2c, 0x24] {
      var value = command
      unsafe withUnsafeMutablePointer(to: &value) {
        var request = InterfaceRequest(interface)
        let address = UInt64(UInt(bitPattern: $0))
        for index in 0..<8 { request.bytes[16 + index] = UInt8(truncatingIfNeeded: address >> (8 * UInt64(index))) }
        // SAFETY: the kernel reads and writes the eight bytes during the call.
        _ = request.raw(UInt(SIOCETHTOOL), socket.raw)
      }
    }
  }
}

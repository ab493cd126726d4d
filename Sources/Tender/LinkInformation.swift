import ABI
import CLinux
import Host
package import Text

/// What the kernel says of a TAP through a routing socket (rtnetlink(7), linux/if_link.h).
///
/// `TUNGETIFF` can't tell whether frames have packet information before them: its flag `IFF_NOFILTER` has the number of
/// `IFF_NO_PI`.
package enum LinkInformation {
  private static var getLink: UInt16 { 18 }  // RTM_GETLINK
  private static var newLink: UInt16 { 16 }  // RTM_NEWLINK
  private static var interfaceName: UInt16 { 3 }  // IFLA_IFNAME
  private static var linkInformation: UInt16 { 18 }  // IFLA_LINKINFO
  private static var informationData: UInt16 { 2 }  // IFLA_INFO_DATA
  private static var owner: UInt16 { 1 }  // IFLA_TUN_OWNER
  private static var group: UInt16 { 2 }  // IFLA_TUN_GROUP
  private static var kind: UInt16 { 3 }  // IFLA_TUN_TYPE
  private static var packetInformation: UInt16 { 4 }  // IFLA_TUN_PI
  private static var headerSize: Int { 32 }  // struct nlmsghdr and struct ifinfomsg

  /// Whether a TAP puts packet information before each frame; nil where the kernel doesn't say.
  static func hasPacketInformation(_ interface: Text) -> Bool? {
    ask(interface).flatMap { value(packetInformation, in: $0) }.map { $0 != 0 }
  }

  /// Who may attach to a TAP besides CAP_NET_ADMIN.
  package struct Attachable: Equatable, Sendable {
    /// The user; nil if the TAP belongs to none in particular.
    package let owner: UInt32?
    /// The group; nil if the TAP belongs to none in particular.
    package let group: UInt32?

    package init(owner: UInt32?, group: UInt32?) {
      self.owner = owner
      self.group = group
    }
  }

  /// Says who may attach to an interface of this network namespace; nil for what is no TAP.
  package static func tap(_ interface: Text) -> Attachable? {
    guard let answer = ask(interface), value(kind, in: answer) == UInt32(IFF_TAP) else { return nil }
    return Attachable(owner: value(owner, in: answer), group: value(group, in: answer))
  }

  /// A number that the kernel says of a TAP, of one byte or four.
  private static func value(_ wanted: UInt16, in answer: [UInt8]) -> UInt32? {
    // SAFETY: an array of bytes has no padding.
    let bytes = unsafe answer.span.bytes
    guard bytes.read(UInt16.self, at: 4) == newLink,
      let link = attribute(linkInformation, in: bytes, from: headerSize..<bytes.byteCount),
      let data = attribute(informationData, in: bytes, from: link),
      let place = attribute(wanted, in: bytes, from: data)
    else { return nil }
    if place.count >= 4 { return bytes.read(UInt32.self, at: place.lowerBound) }
    return bytes.read(UInt8.self, at: place.lowerBound).map(UInt32.init)
  }

  private static func ask(_ interface: Text) -> [UInt8]? {
    guard
      let raw = try? Kernel.call(.socket, Int(AF_NETLINK), Int(CLINUX_SOCK_DGRAM | CLINUX_SOCK_CLOEXEC), 0)
    else { return nil }
    let socket = Descriptor(owning: Int32(raw))
    let request = request(interface)
    let sent = unsafe request.withUnsafeBytes {
      // SAFETY: the kernel reads the buffer during the call.
      Kernel.raw(.write, Int(socket.raw), Int(bitPattern: $0.baseAddress), $0.count)
    }
    guard sent == request.count else { return nil }
    var answer = [UInt8](repeating: 0, count: 16384)
    let count = unsafe answer.withUnsafeMutableBytes {
      // SAFETY: the kernel writes at most the buffer's bytes.
      Kernel.raw(.read, Int(socket.raw), Int(bitPattern: $0.baseAddress), $0.count)
    }
    return count > 0 ? Array(answer.prefix(count)) : nil
  }

  private static func request(_ interface: Text) -> [UInt8] {
    let attributeSize = 4 + interface.bytes.count + 1
    let size = headerSize + (attributeSize + 3) / 4 * 4
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt32(size))
    bytes.append(littleEndian: getLink)
    bytes.append(littleEndian: UInt16(1))  // NLM_F_REQUEST
    bytes.pad(to: headerSize)
    bytes.append(littleEndian: UInt16(attributeSize))
    bytes.append(littleEndian: interfaceName)
    bytes += interface.bytes
    bytes.pad(to: size)
    return bytes
  }

  /// The place of an attribute's value among attributes, each of them a length, a type and a value padded to 4 bytes.
  private static func attribute(_ wanted: UInt16, in bytes: RawSpan, from range: Range<Int>) -> Range<Int>? {
    var next = range.lowerBound
    while next + 4 <= range.upperBound, let length = bytes.read(UInt16.self, at: next).map(Int.init),
      let type = bytes.read(UInt16.self, at: next + 2), length >= 4, next + length <= range.upperBound
    {
      // The two highest bits are flags (NLA_TYPE_MASK).
      if type & 0x3fff == wanted { return next + 4..<next + length }
      next += (length + 3) / 4 * 4
    }
    return nil
  }
}

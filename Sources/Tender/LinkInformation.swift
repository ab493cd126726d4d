import ABI
import CLinux
import Host
import Text

/// What the kernel's routing socket says of a TAP (rtnetlink(7), linux/if_link.h).
///
/// `TUNGETIFF` can't tell whether frames have packet information before them: its flag `IFF_NOFILTER` has the number of
/// `IFF_NO_PI`.
enum LinkInformation {
  private static var getLink: UInt16 { 18 }  // RTM_GETLINK
  private static var newLink: UInt16 { 16 }  // RTM_NEWLINK
  private static var interfaceName: UInt16 { 3 }  // IFLA_IFNAME
  private static var linkInformation: UInt16 { 18 }  // IFLA_LINKINFO
  private static var informationData: UInt16 { 2 }  // IFLA_INFO_DATA
  private static var packetInformation: UInt16 { 4 }  // IFLA_TUN_PI
  private static var headerSize: Int { 32 }  // struct nlmsghdr and struct ifinfomsg

  /// Whether a TAP puts packet information before each frame; nil where the kernel doesn't say.
  static func hasPacketInformation(_ interface: Text) -> Bool? {
    guard let answer = ask(interface) else { return nil }
    // SAFETY: an array of bytes has no padding.
    let bytes = unsafe answer.span.bytes
    guard bytes.read(UInt16.self, at: 4) == newLink,
      let link = attribute(linkInformation, in: bytes, from: headerSize..<bytes.byteCount),
      let data = attribute(informationData, in: bytes, from: link),
      let value = attribute(packetInformation, in: bytes, from: data)
    else { return nil }
    return bytes.read(UInt8.self, at: value.lowerBound).map { $0 != 0 }
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

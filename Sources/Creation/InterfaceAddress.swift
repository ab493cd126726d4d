import Glibc
import Text

/// An address of an interface and the length of its network's prefix: `10.0.0.1/24`, `fd00::1/64`.
package struct InterfaceAddress: Equatable, Sendable {
  /// Four bytes for IPv4, sixteen for IPv6.
  package let octets: [UInt8]
  /// How many bits of it are the network's.
  package let length: UInt8

  /// Reads an address; nil where it isn't one.
  package init?(parsing words: String) {
    let halves = words.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count == 2, !halves[1].isEmpty, halves[1].utf8.allSatisfy({ $0.digit != nil }),
      let length = UInt8(halves[1])
    else { return nil }
    let family = halves[0].contains(":") ? AF_INET6 : AF_INET
    var octets = [UInt8](repeating: 0, count: family == AF_INET6 ? 16 : 4)
    let isRead = unsafe String(halves[0]).withRawCString { text in
      // SAFETY: the text is terminated, and the C library writes as many bytes as the family's addresses have.
      unsafe octets.withUnsafeMutableBytes { unsafe inet_pton(family, text, $0.baseAddress) } == 1
    }
    guard isRead, length <= octets.count * 8 else { return nil }
    self.octets = octets
    self.length = length
  }

  /// The network's mask, for IPv4.
  var mask: [UInt8] {
    let bits = length == 0 ? 0 : UInt32.max << UInt32(32 - min(length, 32))
    return (0..<4).map { UInt8(truncatingIfNeeded: bits >> UInt32(24 - 8 * $0)) }
  }
}

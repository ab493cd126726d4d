import CLinux
package import Text

/// A network interface, as the kernel lists them all (RTM_GETLINK of rtnetlink(7)).
///
/// `SIOCGIFCONF` would show only those that have an address.
package struct Interface: Equatable, Sendable {
  package let name: Text
  /// Whether it is up (`IFF_UP`).
  package let isUp: Bool
  /// Whether it is the loopback interface (`ARPHRD_LOOPBACK` of linux/if_arp.h).
  package let isLoopback: Bool

  package init(name: Text, isUp: Bool, isLoopback: Bool) {
    (self.name, self.isUp, self.isLoopback) = (name, isUp, isLoopback)
  }

  /// Lists every interface of the net namespace that this thread is in.
  ///
  /// No filter can answer it: what is there, and that it is all, is read from memory that the kernel writes.
  ///
  /// - Throws: what the kernel said when it refused; `ENOSYS` where it didn't answer; `EAGAIN` where an interface came
  ///   or went meanwhile.
  package static func all() throws(SystemError) -> [Interface] {
    let raw = try Kernel.call(.socket, Int(AF_NETLINK), Int(CLINUX_SOCK_DGRAM | CLINUX_SOCK_CLOEXEC), 0)
    guard raw > 2 else { throw SystemError(call: "socket", code: ENOSYS) }
    let socket = Descriptor(owning: Int32(raw))
    try socket.write(Text(bytes: LinkMessages.request))
    var messages = LinkMessages()
    while !messages.isComplete {
      // The kernel makes a datagram no longer than what is read at a time, if that is 8 KiB at least (`netlink_dump` of
      // net/netlink/af_netlink.c, `NLMSG_GOODSIZE` of linux/netlink.h). A page that isn't touched costs nothing.
      let datagram = try socket.read(most: 1 << 13)
      guard !datagram.isEmpty else { throw SystemError(call: "read", code: ENOSYS) }
      try messages.take(datagram)
    }
    return messages.interfaces
  }
}

/// The kernel's answer to RTM_GETLINK, taken apart.
package struct LinkMessages {
  package private(set) var interfaces: [Interface] = []
  /// Whether the kernel has said that this is all.
  package private(set) var isComplete = false

  package init() {}

  private static var headerSize: Int { 16 }  // struct nlmsghdr
  private static var linkSize: Int { 16 }  // struct ifinfomsg
  private static var error: UInt16 { 2 }  // NLMSG_ERROR
  private static var done: UInt16 { 3 }  // NLMSG_DONE
  private static var newLink: UInt16 { 16 }  // RTM_NEWLINK
  private static var interrupted: UInt16 { 0x10 }  // NLM_F_DUMP_INTR
  private static var interfaceName: UInt16 { 3 }  // IFLA_IFNAME
  private static var loopback: UInt16 { 772 }  // ARPHRD_LOOPBACK
  /// What the answer repeats of the request.
  private static var sequence: UInt32 { 1 }

  /// Asks for all interfaces, without their statistics.
  package static var request: [UInt8] {
    var bytes: [UInt8] = []
    func append(_ value: UInt32) {
      for index in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }
    append(UInt32(headerSize + linkSize + 8))
    append(18 | 0x301 << 16)  // RTM_GETLINK; NLM_F_REQUEST | NLM_F_DUMP
    append(sequence)
    append(0)
    for _ in 0..<linkSize / 4 { append(0) }
    append(8 | 29 << 16)  // IFLA_EXT_MASK, its length before it
    append(8)  // RTEXT_FILTER_SKIP_STATS
    return bytes
  }

  /// Takes a datagram of the answer.
  ///
  /// - Throws: what the kernel said; `ENOSYS` for what isn't its answer; `EAGAIN` where the list has changed meanwhile.
  package mutating func take(_ datagram: [UInt8]) throws(SystemError) {
    var next = 0
    while next < datagram.count {
      let size = Int(Self.number(datagram, at: next, 4))
      guard size >= Self.headerSize, size <= datagram.count - next, !isComplete,
        Self.number(datagram, at: next + 8, 4) == Self.sequence
      else { throw Self.foreign }
      let flags = UInt16(Self.number(datagram, at: next + 6, 2))
      guard flags & Self.interrupted == 0 else { throw SystemError(call: "netlink", code: EAGAIN) }
      let message = Array(datagram[(next + Self.headerSize)..<(next + size)])
      switch UInt16(Self.number(datagram, at: next + 4, 2)) {
      case Self.newLink: interfaces.append(try Self.interface(message))
      case Self.done:
        // What the list ended with, 0 or a negative error number.
        try Self.check(message)
        isComplete = true
      case Self.error:
        try Self.check(message)
        throw Self.foreign
      default: throw Self.foreign
      }
      next += (size + 3) / 4 * 4
    }
  }

  private static var foreign: SystemError { SystemError(call: "netlink", code: ENOSYS) }

  private static func check(_ message: [UInt8]) throws(SystemError) {
    guard message.count >= 4 else { throw foreign }
    let code = Int32(bitPattern: number(message, at: 0, 4))
    guard code >= 0 else { throw SystemError(call: "netlink", code: code == .min ? ENOSYS : -code) }
  }

  private static func interface(_ message: [UInt8]) throws(SystemError) -> Interface {
    guard message.count >= linkSize else { throw foreign }
    let type = UInt16(number(message, at: 2, 2))
    let flags = number(message, at: 8, 4)
    var next = linkSize
    while next + 4 <= message.count {
      let size = Int(number(message, at: next, 2))
      guard size >= 4, size <= message.count - next else { throw foreign }
      if UInt16(number(message, at: next + 2, 2)) == interfaceName {
        let name = message[(next + 4)..<(next + size)].prefix { $0 != 0 }
        return Interface(
          name: Text(bytes: Array(name)), isUp: flags & UInt32(CLINUX_IFF_UP) != 0, isLoopback: type == loopback)
      }
      next += (size + 3) / 4 * 4
    }
    throw foreign
  }

  /// A number of up to four bytes as this processor has it; both are little-endian.
  private static func number(_ bytes: [UInt8], at place: Int, _ count: Int) -> UInt32 {
    guard count <= bytes.count - place else { return 0 }
    var value: UInt32 = 0
    for index in 0..<count { value |= UInt32(bytes[place + index]) << (8 * UInt32(index)) }
    return value
  }
}

import CLinux
import Glibc
import Host
package import Text

/// A TAP that was made, configured and up; it is gone with the last descriptor of it.
package struct CreatedTap: Sendable {
  package let request: TapRequest
  /// The descriptor, which a program that this process becomes doesn't get yet.
  package let descriptor: Int32

  /// What of it may be refused.
  private enum Aspect { case device, interface, address, bridge, state }

  /// Makes a TAP, which isn't persistent (TUNSETPERSIST).
  ///
  /// - Throws: `Complaint`; nothing is left of it then.
  package init(_ request: TapRequest) throws(Complaint) {
    self.request = request
    let name = Text(request.name)
    var aspect = Aspect.device
    do throws(SystemError) {
      let device = try Descriptor.open("/dev/net/tun", O_RDWR)
      aspect = .interface
      var wanted = InterfaceRequest(name)
      wanted.short = UInt16(IFF_TAP | IFF_NO_PI | Self.exclusively)
      try wanted.make(CLINUX_TUNSETIFF, device.raw)
      let socket = try InterfaceRequest.socket()
      InterfaceRequest.disableOffload(of: name, socket)
      var own = InterfaceRequest(name)
      try own.make(UInt(SIOCGIFINDEX), socket.raw)
      aspect = .address
      if let address = request.address { try Self.set(address, of: name, own.number, socket) }
      aspect = .bridge
      if let bridge = request.bridge {
        var port = InterfaceRequest(Text(bridge))
        port.number = own.number
        try port.make(UInt(SIOCBRADDIF), socket.raw)
      }
      aspect = .state
      var state = InterfaceRequest(name)
      try state.make(UInt(SIOCGIFFLAGS), socket.raw)
      state.short |= UInt16(CLINUX_IFF_UP)
      try state.make(UInt(SIOCSIFFLAGS), socket.raw)
      descriptor = device.disarm()
    } catch {
      throw Complaint("run: --create-tap \(request.name): \(Self.problem(aspect, request, error))")
    }
  }

  /// Not one that is there: `IFF_TUN_EXCL` (linux/if_tun.h).
  private static let exclusively: Int32 = 0x8000

  private static func set(
    _ address: InterfaceAddress, of name: Text, _ number: Int32, _ socket: borrowing Descriptor
  ) throws(SystemError) {
    if address.octets.count == 4 {
      for (request, octets) in [(SIOCSIFADDR, address.octets), (SIOCSIFNETMASK, address.mask)] {
        var wanted = InterfaceRequest(name)
        wanted.setAddress(octets)
        try wanted.make(UInt(request), socket.raw)
      }
      return
    }
    // `struct in6_ifreq` (linux/ipv6.h): the address, the prefix's length, the interface's number.
    let words = [UInt32(address.length), UInt32(bitPattern: number)]
    let bytes = address.octets + words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    let own = Descriptor(
      owning: Int32(try Kernel.call(.socket, Int(AF_INET6), Int(CLINUX_SOCK_DGRAM | CLINUX_SOCK_CLOEXEC), 0)))
    let result = unsafe bytes.withUnsafeBytes {
      // SAFETY: the kernel reads the structure's 24 bytes during the call.
      Kernel.raw(.ioctl, Int(own.raw), Int(SIOCSIFADDR), Int(bitPattern: $0.baseAddress))
    }
    guard result >= 0 else { throw SystemError(call: "ioctl", code: Int32(-result)) }
  }

  /// What the kernel's answer means, and what to do.
  private static func problem(_ aspect: Aspect, _ request: TapRequest, _ error: SystemError) -> String {
    let reason = String(error.reason)
    switch (aspect, error.code) {
    case (.device, ENOENT), (.device, ENODEV): return "/dev/net/tun: \(reason): load the kernel module tun"
    case (.device, _): return "/dev/net/tun: \(reason)"
    case (.interface, EBUSY): return "an interface of this name is there already: choose another name"
    case (.interface, EPERM), (.state, EPERM):
      return "\(reason): it takes CAP_NET_ADMIN: be root, or have a TAP of your own made by ip tuntap add"
    case (.bridge, ENODEV): return "bridge \(request.bridge ?? ""): there is no such interface"
    case (.bridge, EOPNOTSUPP): return "bridge \(request.bridge ?? ""): the interface is no bridge"
    case (.bridge, _): return "bridge \(request.bridge ?? ""): \(reason)"
    case (.address, _): return "the address: \(reason)"
    case (.interface, _), (.state, _): return reason
    }
  }
}

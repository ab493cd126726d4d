import CLinux
import Host
import Text

/// A TAP interface, or a packet socket that stands for one.
struct Tap {
  let descriptor: Int32
  let mtu: UInt16
  let identity: InterfaceIdentity
  /// What can't be known of this device, for standard error.
  var note: Text?

  private static var usualMTU: UInt16 { 1500 }

  /// Attaches to an interface, which must exist and be up, or takes over a launcher's descriptor.
  ///
  /// - Throws: one line of what is wrong.
  static func open(_ place: Place, others: [(name: Text, tap: Tap)]) throws(Failure) -> Tap {
    let tap: Tap
    switch place {
    case .name(let interface):
      // The kernel would call it busy.
      try check(InterfaceIdentity(name: interface, number: 0), place, others)
      do throws(SystemError) {
        tap = try attach(interface)
      } catch {
        throw Failure("Could not attach interface: \(interface): \(error.reason)")
      }
    case .descriptor(let given): tap = try adopt(given)
    }
    try check(tap.identity, place, others)
    return tap
  }

  /// Refuses a device that is attached already.
  @inline(never)
  private static func check(
    _ identity: InterfaceIdentity, _ place: Place, _ others: [(name: Text, tap: Tap)]
  ) throws(Failure) {
    for other in others where other.tap.identity == identity {
      throw Failure(
        "Could not attach interface: \(place.text): the same device is attached as `\(other.name)': attach each device once"
      )
    }
  }

  /// What tells devices apart, under whatever name or descriptor they come.
  struct InterfaceIdentity: Equatable {
    /// The interface's name; empty for a packet socket.
    let name: Text
    /// 0 for an interface of this network namespace; the hardware address of one of another, where one of the same name
    /// is something else; a socket's inode.
    let number: UInt64
  }

  private static func attach(_ interface: Text) throws(SystemError) -> Tap {
    guard interface.bytes.count < InterfaceRequest.nameSize else {
      throw SystemError(call: "ioctl", code: ENAMETOOLONG)
    }
    let socket = try InterfaceRequest.socket()
    var request = InterfaceRequest(interface)
    do throws(SystemError) { try request.make(UInt(SIOCGIFFLAGS), socket.raw) } catch {
      throw SystemError(call: error.call, code: error.code == ENODEV ? ENOENT : error.code)
    }
    guard request.short & UInt16(CLINUX_IFF_UP | CLINUX_IFF_RUNNING) != 0 else {
      throw SystemError(call: "ioctl", code: ENETDOWN)
    }
    let tap = try Descriptor.open("/dev/net/tun", O_RDWR | O_NONBLOCK)
    request = InterfaceRequest(interface)
    request.short = UInt16(IFF_TAP | IFF_NO_PI)
    try request.make(CLINUX_TUNSETIFF, tap.raw)
    guard request.name == interface else { throw SystemError(call: "ioctl", code: EINVAL) }
    try withoutOffloads(tap.raw)
    let mtu = try InterfaceRequest.mtu(of: interface, socket)
    InterfaceRequest.disableOffload(of: interface, socket)
    return Tap(descriptor: tap.disarm(), mtu: mtu, identity: InterfaceIdentity(name: interface, number: 0))
  }

  /// Switches off what an earlier user of the TAP may have left on: frames without a checksum, or longer than the MTU.
  ///
  /// A persistent TAP keeps its offloads (TUNSETOFFLOAD of linux/if_tun.h); the guest knows of none.
  private static func withoutOffloads(_ descriptor: Int32) throws(SystemError) {
    try Kernel.call(.ioctl, Int(descriptor), Int(bitPattern: CLINUX_TUNSETOFFLOAD), 0)
  }

  private static func adopt(_ given: Int32) throws(Failure) -> Tap {
    func problem(_ reason: Text) -> Failure { Failure("Could not attach interface: @\(given): \(reason)") }
    let flags = Kernel.raw(.fcntl, Int(given), Int(F_GETFL))
    guard flags >= 0 else { throw problem(SystemError.reason(of: Int32(-flags))) }
    var request = InterfaceRequest("")
    var mtu: UInt16?
    let identity: InterfaceIdentity
    if request.raw(CLINUX_TUNGETIFF, given) == 0 {
      let kind = Int32(request.short)
      // Its interface may be in another network namespace than ours, where one of the same name is something else.
      let isHere = InterfaceRequest.isHere(request.name, tap: given)
      guard kind & IFF_TAP != 0, kind & IFF_VNET_HDR == 0,
        !isHere || LinkInformation.hasPacketInformation(request.name) != true
      else {
        throw problem("must be a TAP with IFF_NO_PI and without IFF_VNET_HDR")
      }
      do throws(SystemError) { try withoutOffloads(given) } catch { throw problem(error.reason) }
      identity = InterfaceIdentity(name: request.name, number: isHere ? 0 : InterfaceRequest.address(tap: given))
      if isHere { mtu = try? InterfaceRequest.mtu(of: request.name, InterfaceRequest.socket()) }
    } else {
      guard isPacketSocket(given), let status = try? FileStatus(of: given) else {
        throw problem("neither a TAP nor a packet socket pair (AF_UNIX with SOCK_SEQPACKET or SOCK_DGRAM)")
      }
      identity = InterfaceIdentity(name: "", number: status.inode)
    }
    let result = Kernel.raw(.fcntl, Int(given), Int(F_SETFL), flags | Int(O_NONBLOCK))
    guard result >= 0 else { throw problem(SystemError.reason(of: Int32(-result))) }
    let note: Text? = mtu == nil ? "@\(given): its MTU can't be known here: the guest is told \(usualMTU)" : nil
    return Tap(descriptor: given, mtu: mtu ?? usualMTU, identity: identity, note: note)
  }

  private static func isPacketSocket(_ descriptor: Int32) -> Bool {
    guard option(SO_DOMAIN, of: descriptor) == AF_UNIX else { return false }
    let type = option(SO_TYPE, of: descriptor)
    return type == CLINUX_SOCK_SEQPACKET || type == CLINUX_SOCK_DGRAM
  }

  private static func option(_ name: Int32, of descriptor: Int32) -> Int32? {
    var value: Int32 = 0
    var size: UInt32 = 4
    let result = unsafe withUnsafeMutablePointer(to: &value) { value in
      unsafe withUnsafeMutablePointer(to: &size) { size in
        // SAFETY: the kernel writes the four bytes of each during the call.
        Kernel.raw(
          .getsockopt, Int(descriptor), Int(SOL_SOCKET), Int(name), Int(bitPattern: value), Int(bitPattern: size))
      }
    }
    return result == 0 ? value : nil
  }
}

import CLinux
package import Host
package import Text

/// A net namespace with nothing in it that was made before the tender, for many of them to be in.
///
/// To make one takes most of the time of all namespaces, and a lock that the whole kernel has one of. It counts only if
/// it is what a tender would have made itself, but for the other tenders in it and for who owns it: the user namespace
/// that the tender is started in, in which it will have no capability. `brig net-namespace` makes one.
package struct PreparedNetNamespace: ~Copyable {
  /// Where a tender that isn't told otherwise looks for one.
  package static var usualPath: Text { "/run/brig/net" }

  /// Why a namespace isn't joined.
  package struct Unfit: Error {
    package let reason: Text
    package let remedy: Text
    /// The call that was refused, where it is that.
    let call: StaticString?
    /// Whether this thread was left in the other namespace.
    let isInside: Bool

    init(_ reason: Text, _ remedy: Text, call: StaticString? = nil, isInside: Bool = false) {
      (self.reason, self.remedy, self.call, self.isInside) = (reason, remedy, call, isInside)
    }

    fileprivate init(_ error: SystemError, _ remedy: Text, isInside: Bool = false) {
      self.init(error.message, remedy, call: error.call, isInside: isInside)
    }
  }

  private let descriptor: Descriptor
  /// What the kernel says of the descriptor, which no other namespace has.
  private let status: FileStatus
  /// The namespace that this thread was in when the other one was checked.
  private let home: Descriptor

  /// Opens and checks one.
  ///
  /// - Throws: why it can't be opened, or what is wrong with it.
  package static func opened(_ path: Text) throws(Unfit) -> PreparedNetNamespace {
    try checked(file(path))
  }

  private static func file(_ path: Text) throws(Unfit) -> Descriptor {
    do throws(SystemError) { return try open(path) } catch { throw Unfit(error.reason, making) }
  }

  /// Whether a descriptor is a net namespace's, whoever owns that.
  package static func isNetNamespace(_ descriptor: Int32) -> Bool {
    guard let status = try? FileStatus(of: descriptor), let here = try? FileStatus(at: own) else { return false }
    return status.device == here.device && Kernel.raw(.ioctl, Int(descriptor), getKind) == Int(CLONE_NEWNET)
  }

  private init(descriptor: consuming Descriptor, status: FileStatus, home: consuming Descriptor) {
    self.descriptor = descriptor
    self.status = status
    self.home = home
  }

  /// The number by which `/proc` and `lsns` call it.
  package var inode: UInt64 { status.inode }

  /// Opens a file that is to be a namespace; `checked` finds out whether it is one.
  package static func open(_ path: Text) throws(SystemError) -> Descriptor {
    // A pipe must not hold the tender up, and a terminal not become its own.
    try Descriptor.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
  }

  /// Checks all that can be asked from outside: that it is a net namespace, another than this thread's, and of this
  /// thread's user namespace.
  ///
  /// No answer of a filter's is taken for the kernel's: the numbers of files are written to memory, and the others are
  /// positive.
  ///
  /// - Throws: what is wrong with it.
  package static func checked(_ descriptor: consuming Descriptor) throws(Unfit) -> PreparedNetNamespace {
    let raw = Int(descriptor.raw)
    let home = try openOwn()
    let users: FileStatus
    let here: FileStatus
    let status: FileStatus
    do throws(SystemError) {
      here = try FileStatus(of: home.raw)
      users = try FileStatus(at: OwnNamespace.path("user"))
    } catch {
      throw incomparable(error)
    }
    do throws(SystemError) { status = try FileStatus(of: Int32(raw)) } catch { throw Unfit(error, making) }
    // All namespaces are files of one file system, nsfs, which has a device number to itself.
    guard status.device == here.device else { throw Unfit("it is no namespace", making) }
    let kind = Kernel.raw(.ioctl, raw, getKind)
    guard kind == Int(CLONE_NEWNET) else {
      if kind < 0 { throw Unfit("ioctl: \(SystemError.reason(of: Int32(-kind)))", "open it to be read") }
      throw Unfit("it is a namespace of another kind", making)
    }
    guard !status.isSame(as: here) else { throw Unfit("it is the launcher's own net namespace", making) }
    // The kernel tells of an owner only who is in it, or outside of it.
    let owner = Kernel.raw(.ioctl, raw, getOwner)
    guard owner > 2 || owner == -Int(EPERM) else {
      throw Unfit("ioctl: \(SystemError.reason(of: owner < 0 ? Int32(-owner) : ENOSYS))", "allow ioctl")
    }
    guard owner > 2, isSame(Descriptor(owning: Int32(owner)), as: users) else {
      throw Unfit(
        "it belongs to another user namespace than the launcher's",
        "have root of the launcher's user namespace make one: brig net-namespace make")
    }
    return PreparedNetNamespace(descriptor: descriptor, status: status, home: home)
  }

  private static func isSame(_ descriptor: borrowing Descriptor, as other: FileStatus) -> Bool {
    let status = try? FileStatus(of: descriptor.raw)
    return status.map { $0.isSame(as: other) } ?? false
  }

  private static func openOwn() throws(Unfit) -> Descriptor {
    do throws(SystemError) { return try Descriptor.open(own, O_RDONLY) } catch { throw incomparable(error) }
  }

  private static func incomparable(_ error: SystemError) -> Unfit {
    Unfit("it can't be compared with the launcher's (\(error.message))", "mount /proc")
  }

  /// Joins it and looks at it from inside: the loopback interface, which is down, and no other.
  ///
  /// Whoever finds something else there goes back.
  ///
  /// - Throws: what is wrong with it.
  package borrowing func join() throws(Unfit) {
    do throws(SystemError) { try Self.enter(descriptor, status) } catch {
      throw Unfit(error, error.code == EPERM ? "start with CAP_SYS_ADMIN" : "allow setns")
    }
    do throws(Unfit) {
      let interfaces: [Interface]
      do throws(SystemError) { interfaces = try Interface.all() } catch {
        throw Unfit(
          "its interfaces can't be listed (\(error.message))",
          "allow netlink sockets (systemd: RestrictAddressFamilies=AF_NETLINK)")
      }
      try Self.checkIsEmpty(interfaces)
    } catch {
      do throws(SystemError) { try Self.enter(home, FileStatus(of: home.raw)) } catch let refusal {
        throw Unfit(
          "\(error.reason), and there is no way back (\(refusal.message))", error.remedy, isInside: true)
      }
      throw error
    }
  }

  /// Whether these are the interfaces of a namespace as it is when it was made.
  ///
  /// - Throws: what else is there.
  package static func checkIsEmpty(_ interfaces: [Interface]) throws(Unfit) {
    for interface in interfaces where !interface.isLoopback || interface.name != "lo" {
      throw Unfit(
        "it has an interface of its own: \(interface.name.printable)",
        "make another: brig net-namespace remove, then make (where it has tunnels at once, sysctl -w net.core.fb_tunnels_only_for_init_net=1 first)"
      )
    }
    guard let loopback = interfaces.first, interfaces.count == 1 else {
      throw Unfit("it has \(interfaces.count) loopback interfaces", making)
    }
    guard !loopback.isUp else {
      throw Unfit("its interface lo is up", "make another: brig net-namespace remove, then make")
    }
  }

  private static func enter(_ namespace: borrowing Descriptor, _ status: FileStatus) throws(SystemError) {
    try Kernel.call(.setns, Int(namespace.raw), Int(CLONE_NEWNET))
    _ = try StepEvidence.seen("setns", FileStatus(at: own).isSame(as: status))
  }

  private static var own: Text { OwnNamespace.path("net") }
  private static var making: Text { "make one: brig net-namespace make" }
  private static var getKind: Int { 0xb703 }  // NS_GET_NSTYPE (linux/nsfs.h)
  private static var getOwner: Int { 0xb701 }  // NS_GET_USERNS
}

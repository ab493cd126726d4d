import CLinux
import Procfs
import Text

/// A descriptor that a process has open.
struct OpenDescriptor: Equatable, Sendable {
  let number: Int32
  /// The kernel's name for it: a path, or a name such as `anon_inode:kvm-vcpu:0`.
  ///
  /// The name is for people only. Another file may have the same path, or get it.
  let target: Text
  let facts: FileFacts
  /// How it was opened: `O_RDWR` and the like.
  let flags: Int32
  /// Whether a network interface is attached to it.
  let isAttached: Bool
  /// Whether it is a socket that passes frames to another process (AF_UNIX, SOCK_SEQPACKET or SOCK_DGRAM).
  let isPacketSocket: Bool

  var access: Int32 { flags & CLINUX_O_ACCMODE }
  /// Whether it only names a file (O_PATH).
  var isPath: Bool { flags & CLINUX_O_PATH != 0 }

  var isVCPU: Bool { isAnonymous && target.begins(with: "anon_inode:kvm-vcpu:") }
  /// Whether it is `/dev/kvm` under whatever name, or a machine.
  var isMachine: Bool {
    facts.kind == .characterDevice(.kvm) || isAnonymous && target.begins(with: "anon_inode:kvm-vm")
  }
  /// Whether it can be a network device of a tender.
  var isInterface: Bool {
    !isPath && access == O_RDWR && (facts.kind == .characterDevice(.tun) && isAttached || isPacketSocket || isMACVTAP)
  }

  /// Whether it is the device of a macvtap or ipvtap.
  ///
  /// Such a device is attached as long as it is open.
  private var isMACVTAP: Bool {
    guard case .characterDevice(let device) = facts.kind else { return false }
    return Drivers.current.areTaps(device.major)
  }

  private var isAnonymous: Bool { facts.kind == .other && facts.device == AnonymousInodes.device }

  /// Whether it is `/dev/null`.
  var isNull: Bool { !isPath && facts.kind == .characterDevice(.null) }

  /// Whether it can be a console.
  ///
  /// A device can be one if it is a terminal, or has no power over anything.
  var canBeConsole: Bool {
    guard !isPath, !isMachine else { return false }
    switch facts.kind {
    case .regular, .fifo, .socket, .blockDevice: return true
    case .characterDevice(let device):
      return DeviceNumber.sinks.contains(device) || Drivers.current.areTerminals(device.major)
    case .directory, .other: return false
    }
  }

  /// The number and the name, for people.
  var words: String { "\(number) \(String(target))" }
}

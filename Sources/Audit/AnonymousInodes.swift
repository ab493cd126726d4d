import CLinux
import Host
import Text

/// The kernel's file system of anonymous inodes, whose names no process chooses.
enum AnonymousInodes {
  /// The device of that file system, found by a descriptor of this program's own.
  static let device: DeviceNumber? = {
    let made = Kernel.raw(SystemCall("eventfd2", Int32(SYS_eventfd2)), 0, Int(O_CLOEXEC))
    guard made >= 0 else { return nil }
    let event = Descriptor(owning: Int32(made))
    return (try? FileStatus(of: event.raw)).map { DeviceNumber(packed: $0.device) }
  }()

  /// The same as `/proc/PID/maps` prints it.
  static let printed: Text? = device.map { device in
    var text = Text()
    text.append(hexadecimal: UInt64(device.major), width: 2)
    text.append(byte: UInt8(ascii: ":"))
    text.append(hexadecimal: UInt64(device.minor), width: 2)
    return text
  }
}

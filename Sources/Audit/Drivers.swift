import Procfs
import Text

/// The drivers of this kernel's character devices.
enum Drivers {
  static let current = CharacterDrivers(
    devices: Subject.text("/proc/devices") ?? "", terminals: Subject.text("/proc/tty/drivers") ?? "")
}

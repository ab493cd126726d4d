import Procfs
import Text

/// How large disks are.
///
/// It doesn't open another process's file. Opening a device or a pipe may wait, or may do something to it.
enum DiskSize {
  /// The size of a disk in bytes; nil for what can't be a disk.
  static func bytes(of facts: FileFacts) -> UInt64? {
    switch facts.kind {
    case .regular: facts.size > 0 ? facts.size : nil
    case .blockDevice(let device): sectors(device).flatMap { $0 > 0 && $0 < 1 << 55 ? $0 << 9 : nil }
    default: nil
    }
  }

  /// The length of a block device in units of 512 bytes, which the kernel uses for every device.
  private static func sectors(_ device: DeviceNumber) -> UInt64? {
    Subject.text("/sys/dev/block/\(device.major):\(device.minor)/size")?.trimmed.number(radix: UInt64(10))
  }
}

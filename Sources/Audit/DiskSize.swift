import CLinux
import Host
import Listing
import Text

/// How large disks are.
///
/// Another process's file isn't opened for that: to open a device or a pipe may do something to it, or wait.
enum DiskSize {
  /// The size in bytes of what is at a path, nil for what is no disk.
  static func bytes(of path: String) -> UInt64? {
    // It only names the file.
    guard let file = try? Descriptor.open(Text(path), CLINUX_O_PATH), let status = try? FileStatus(of: file.raw) else {
      return nil
    }
    switch status.kind {
    case .regular: return status.size > 0 ? status.size : nil
    case .blockDevice: return sectors(status.deviceNumber).flatMap { $0 > 0 ? $0 << 9 : nil }
    default: return nil
    }
  }

  /// The length of a block device in units of 512 bytes, as the kernel counts for whatever device.
  private static func sectors(_ device: UInt64) -> UInt64? {
    // As the kernel packs the two into one number (`new_encode_dev`, `linux/kdev_t.h`).
    let (major, minor) = (device >> 8 & 0xfff, device & 0xff | device >> 12 & 0xfff00)
    guard let text = try? Files.read("/sys/dev/block/\(major):\(minor)/size") else { return nil }
    return UInt64(String(decoding: text.dropLast(), as: UTF8.self))
  }
}

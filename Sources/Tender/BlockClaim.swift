import CLinux
import Host

/// The claim on a block device that the kernel knows by the device's number, whatever node it was opened through.
///
/// Only who opens the device can make it (O_EXCL), as mounts do too; a descriptor that was handed over is never opened
/// anew.
enum BlockClaim {
  /// Whether somebody else has claimed a device that is open here without a claim.
  ///
  /// Setting the size of its blocks to what it is changes nothing, but needs the claim: the kernel takes it for a
  /// moment. Only root may ask so; false where the kernel doesn't say.
  static func isOthers(_ descriptor: Int32) -> Bool {
    var size: Int32 = 0
    return unsafe withUnsafeMutablePointer(to: &size) { size in
      // SAFETY: the kernel writes, and then reads, the four bytes during the calls.
      let place = Int(bitPattern: size)
      guard Kernel.raw(.ioctl, Int(descriptor), Int(CLINUX_BLKBSZGET), place) == 0 else { return false }
      return Kernel.raw(.ioctl, Int(descriptor), Int(CLINUX_BLKBSZSET), place) == -Int(EBUSY)
    }
  }
}

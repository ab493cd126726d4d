import CLinux
package import Text

/// Mounting one file on another, and taking it off again.
package enum Mounts {
  /// Mounts a file or a directory where another one is (mount(2), MS_BIND).
  package static func bind(_ source: Text, on target: Text) throws(SystemError) {
    let (source, target) = (source.bytes + [0], target.bytes + [0])
    let result = unsafe source.withUnsafeBytes { source in
      unsafe target.withUnsafeBytes { target in
        // SAFETY: both names end in a zero byte and outlive the call.
        Kernel.raw(
          .mount, Int(bitPattern: source.baseAddress), Int(bitPattern: target.baseAddress), 0, Int(MS_BIND), 0)
      }
    }
    guard result == 0 else { throw SystemError(call: "mount", code: Int32(-result)) }
  }

  /// Takes off what is mounted at a path that is no symbolic link, at once, whoever still uses it (umount2(2),
  /// MNT_DETACH).
  package static func detach(_ path: Text) throws(SystemError) {
    let terminated = path.bytes + [0]
    let withoutLinks = 8  // UMOUNT_NOFOLLOW
    let result = unsafe terminated.withUnsafeBytes {
      // SAFETY: the name ends in a zero byte and outlives the call.
      Kernel.raw(.umount2, Int(bitPattern: $0.baseAddress), Int(MNT_DETACH) | withoutLinks)
    }
    guard result == 0 else { throw SystemError(call: "umount", code: Int32(-result)) }
  }
}

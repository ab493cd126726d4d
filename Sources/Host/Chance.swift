import CLinux

/// Random numbers that no other program can have chosen.
package enum Chance {
  /// 32 bytes, always the same in one process: the digest of the random bytes that the kernel gives each program
  /// (`AT_RANDOM`, getauxval(3)).
  ///
  /// This makes no system call, which an outer filter could answer. The digest doesn't reveal the kernel's own bytes,
  /// from which the C library makes its stack protector.
  package static var bytes: [UInt8] {
    // SAFETY: the kernel puts 16 bytes on the stack of every program, which stay as long as it.
    let start = unsafe UnsafeRawPointer(bitPattern: getauxval(UInt(AT_RANDOM)))
    return unsafe Digest(of: RawSpan(_unsafeStart: start.unsafelyUnwrapped, byteCount: 16)).bytes
  }
}

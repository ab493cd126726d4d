import CLinux

/// Random numbers that no other program had a hand in.
package enum Chance {
  /// 32 bytes, in one process always the same: the digest of those that the kernel gives each program that it executes
  /// (`AT_RANDOM`, getauxval(3)).
  ///
  /// No system call is made, which an outer filter could answer. The kernel's own bytes, which the C library makes its stack
  /// protector of, can't be told from them.
  package static var bytes: [UInt8] {
    // SAFETY: the kernel puts 16 bytes on the stack of every program, which stay as long as it.
    let start = unsafe UnsafeRawPointer(bitPattern: getauxval(UInt(AT_RANDOM)))
    return unsafe Digest(of: RawSpan(_unsafeStart: start.unsafelyUnwrapped, byteCount: 16)).bytes
  }
}

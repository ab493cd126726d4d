import ABI
import CLinux
import Host

extension Guest {
  /// WALLTIME: nanoseconds since 1970.
  ///
  /// The C library reads the clock in user space (vDSO) wherever the kernel offers that; elsewhere the vDSO makes the
  /// system call itself, with the same pointer into the fixed block.
  func readClock(at address: UInt64) {
    _ = structure(WalltimeCall.self, at: address, answered: true)
    // SAFETY: the fixed block has a `timespec` there.
    let result = unsafe clock_gettime(
      CLOCK_REALTIME, UnsafeMutablePointer(bitPattern: block.time).unsafelyUnwrapped)
    guard result == 0 else { end("clock: clock_gettime failed: ", errorNumber: unsafe Int(__errno_location().pointee)) }
    answer(WalltimeCall.nanoseconds, block.nanoseconds(), at: address)
  }
}

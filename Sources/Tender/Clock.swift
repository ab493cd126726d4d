import ABI
import CLinux
import Host

extension Guest {
  /// WALLTIME: nanoseconds since 1970.
  func readClock(at address: GuestAddress) {
    _ = structure(WalltimeCall.self, at: address, answered: true)
    guard let now = block.read(CLOCK_REALTIME) else {
      // SAFETY: the C library's error number is the thread's own.
      end("clock: clock_gettime failed: ", errorNumber: unsafe Int(__errno_location().pointee))
    }
    answer(WalltimeCall.nanoseconds, now, at: address)
  }
}

import CLinux

/// Time that only goes forward.
package enum Stopwatch {
  /// Nanoseconds since some moment in the past.
  package static var now: UInt64 {
    var time = timespec()
    // SAFETY: the kernel writes the structure during the call.
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

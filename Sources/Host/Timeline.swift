/// When each part of the start was done, for `make bench`; it exists in a build of its own only (`BRIG_TIMING`).
package enum Timeline {
  /// Notes that a part is done.
  @inline(__always)
  package static func mark(_ part: StaticString) {
    #if TIMING
      TimelineRecord.add(part)
    #endif
  }

  /// Prints the parts with the microseconds that each took, on standard error.
  @inline(__always)
  package static func report() {
    #if TIMING
      TimelineRecord.report()
    #endif
  }
}

#if TIMING
  import CLinux
  import Text

  private enum TimelineRecord {
    nonisolated(unsafe) private static var parts: [(StaticString, UInt64)] = []

    private static func now() -> UInt64 {
      var time = timespec()
      _ = unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
      return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    static func add(_ part: StaticString) { unsafe parts.append((part, now())) }

    static func report() {
      var last: UInt64 = 0
      var text = Text()
      for (part, time) in unsafe parts {
        text.append("\((time - last) / 100) \(part)\n")
        last = time
      }
      text.append("\(last / 100) total\n")
      Standard.say(text)
    }
  }
#endif

import Text

/// When each part of the start was done, for `make bench`; it exists in a build of its own only (the trait `TIMING`).
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
    /// A moment: processor time and wall time in nanoseconds, and how often the process has waited.
    private struct Moment {
      var processor: UInt64 = 0
      var wall: UInt64 = 0
      var waits = 0
    }

    // SAFETY: the process has one thread.
    nonisolated(unsafe) private static var parts: [(name: StaticString, end: Moment)] = []

    private static func now() -> Moment {
      var usage = rusage()
      unsafe clinux_own_usage(&usage)
      return Moment(
        processor: nanoseconds(CLOCK_PROCESS_CPUTIME_ID), wall: nanoseconds(CLOCK_MONOTONIC), waits: usage.ru_nvcsw)
    }

    private static func nanoseconds(_ clock: clockid_t) -> UInt64 {
      var time = timespec()
      _ = unsafe clock_gettime(clock, &time)
      return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    static func add(_ part: StaticString) { unsafe parts.append((part, now())) }

    /// One line a part: microseconds of processor time, of wall time (none for the first), waits, name.
    static func report() {
      var last = Moment()
      var text = Text()
      for (name, end) in unsafe parts {
        let wall = last.wall == 0 ? 0 : end.wall - last.wall
        text.append("\((end.processor - last.processor) / 1000) \(wall / 1000) \(end.waits - last.waits) \(name)\n")
        last = end
      }
      Standard.say(text)
    }
  }
#endif

import CLinux
import Host

extension Seal {
  /// Makes timers exact, whatever slack a launcher set, and lets a stop end a wait, which it would lengthen otherwise.
  ///
  /// If a stop or a freezer interrupts a `ppoll`, the kernel makes it again with the time that was left then. With
  /// `STICKY_TIMEOUTS` it comes back instead (`poll_select_finish` in fs/select.c), and the run loop looks at the
  /// clock.
  package mutating func keepDeadlines() throws(Refusal) {
    try take(.pollDeadlines) { () throws(SystemError) in
      var failure: SystemError?
      do throws(SystemError) { try Self.setTimerSlack() } catch { failure = error }
      try Self.endWaitsAtStops()
      if let failure { throw failure }
    }
  }

  /// A nanosecond; a real-time process has none and can't be given any.
  private static func setTimerSlack() throws(SystemError) {
    try Kernel.control(PR_SET_TIMERSLACK, 1)
    // A filter that answers a call without making it isn't believed.
    let slack = try Kernel.control(PR_GET_TIMERSLACK)
    let isExact = if slack == 0 { try isRealTime() } else { slack == 1 }
    guard isExact else {
      throw SystemError(call: "prctl(PR_SET_TIMERSLACK)", code: ENOSYS)
    }
  }

  private static func endWaitsAtStops() throws(SystemError) {
    let flag = Int(CLINUX_STICKY_TIMEOUTS)
    try Kernel.call(.personality, try executionDomain() | flag)
    guard try executionDomain() & flag != 0 else { throw SystemError(call: "personality", code: ENOSYS) }
  }

  private static func executionDomain() throws(SystemError) -> Int { try Kernel.call(.personality, 0xffff_ffff) }
}

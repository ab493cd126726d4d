import CLinux
import Host
import Text

extension Seal {
  /// Gives up a launcher's real-time or deadline scheduling (sched(7)): with it, a guest that never waits would keep
  /// others from a processor.
  package mutating func leaveRealTime() throws(Refusal) {
    let mayBeAnswered = mayBeAnswered
    try take(.scheduling) { () throws(SystemError) in
      let policy = try Kernel.call(.schedGetScheduler, 0)
      // That the answer is 0, the usual policy, says something only of who also gives another one.
      if mayBeAnswered, policy == Int(SCHED_OTHER) {
        try Self.set(CLINUX_SCHED_BATCH)
        guard try Kernel.call(.schedGetScheduler, 0) == Int(CLINUX_SCHED_BATCH) else {
          throw SystemError(call: "sched_getscheduler", code: ENOSYS)
        }
        try Self.set(SCHED_OTHER)
      }
      guard try Self.isRealTime() else { return }
      try Self.set(SCHED_OTHER)
      // A filter that answers a call without making it isn't believed.
      guard try !Self.isRealTime() else { throw SystemError(call: "sched_setscheduler", code: ENOSYS) }
    }
  }

  private static func set(_ policy: Int32) throws(SystemError) {
    // The structure is one number, the priority, which is 0 for policies without real time.
    var priority: Int32 = 0
    let result = unsafe withUnsafePointer(to: &priority) {
      // SAFETY: the kernel reads the four bytes during the call.
      Kernel.raw(.schedSetScheduler, 0, Int(policy), Int(bitPattern: $0))
    }
    guard result == 0 else { throw SystemError(call: "sched_setscheduler", code: Int32(-result)) }
  }

  static func isRealTime() throws(SystemError) -> Bool {
    let policy = Int32(try Kernel.call(.schedGetScheduler, 0)) & ~CLINUX_SCHED_RESET_ON_FORK
    return policy == SCHED_FIFO || policy == SCHED_RR || policy == CLINUX_SCHED_DEADLINE
  }
}

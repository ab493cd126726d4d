import CLinux
import Host
import Text

extension Seal {
  /// Gives back a launcher's real-time or deadline scheduling (sched(7)): a guest that never waits would keep others from a processor.
  package mutating func leaveRealTime() throws(Refusal) {
    try take(.scheduling) { () throws(SystemError) in
      guard try Self.isRealTime() else { return }
      // The structure is one number, the priority, which is 0 for the usual policy.
      var priority: Int32 = 0
      let result = unsafe withUnsafePointer(to: &priority) {
        // SAFETY: the kernel reads the four bytes during the call.
        Kernel.raw(.schedSetScheduler, 0, Int(SCHED_OTHER), Int(bitPattern: $0))
      }
      guard result == 0 else { throw SystemError(call: "sched_setscheduler", code: Int32(-result)) }
      // A filter that answers a call without making it isn't believed.
      guard try !Self.isRealTime() else { throw SystemError(call: "sched_setscheduler", code: ENOSYS) }
    }
  }

  private static func isRealTime() throws(SystemError) -> Bool {
    let policy = Int32(try Kernel.call(.schedGetScheduler, 0)) & ~CLINUX_SCHED_RESET_ON_FORK
    return policy == SCHED_FIFO || policy == SCHED_RR || policy == CLINUX_SCHED_DEADLINE
  }
}

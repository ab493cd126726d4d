import CLinux
import Procfs
import Text

/// Whether a guest's waits end when they should.
enum Deadlines {
  static func answer(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    let slack = try evidence.subject.file("timerslack_ns").trimmed
    guard let nanoseconds = slack.number(radix: UInt64(10)) else { throw .refuted("timerslack_ns is no number") }
    // A real-time task has none.
    guard nanoseconds <= 1 else { throw .refuted("its timers may be \(nanoseconds) ns late") }
    guard let personality = try evidence.subject.file("personality").trimmed.number(radix: UInt64(16)) else {
      throw .refuted("personality is no number")
    }
    guard personality & UInt64(CLINUX_STICKY_TIMEOUTS) != 0 else {
      throw .refuted("a stop lengthens its waits: STICKY_TIMEOUTS isn't set")
    }
    return "timers are exact, and a stop ends a wait"
  }
}

import CLinux
import Text

/// Whether no task keeps a processor from everybody else.
enum Scheduling {
  /// What goes before all that is scheduled in the usual way (sched(7)).
  private static let urgent: [(policy: UInt64, name: String)] = [
    (1, "SCHED_FIFO"), (2, "SCHED_RR"), (6, "SCHED_DEADLINE"),
  ]

  static func answer(_ evidence: ProcessEvidence) throws(Doubt) -> Detail { try answer(try evidence.tasks.get().all) }

  static func answer(_ tasks: [ProcessTask]) throws(Doubt) -> Detail {
    for task in tasks {
      guard let policy = task.policy else { throw .unseen("a kernel that says so in /proc/PID/stat") }
      if let row = urgent.first(where: { $0.policy == policy }) { throw .refuted("task \(task.id) has \(row.name)") }
    }
    return "no task has real-time or deadline scheduling"
  }
}

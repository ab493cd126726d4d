import Procfs
import Text

/// Questions to what a process's tasks may do that others may not.
enum Privileges {
  /// Whether no task has a capability, nor could get one.
  static func capabilities(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    let tasks = try evidence.tasks.get().all
    for task in tasks {
      for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] as [Text]
      where try task.field(set).number(radix: UInt64(16)) != 0 {
        throw .refuted("task \(task.id) has capabilities: \(String(set)) \(String(try task.field(set)))")
      }
    }
    return "all five sets of \(tasks.count) tasks are empty"
  }

  /// Whether executing a file gains nothing.
  static func noNew(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    for task in try evidence.tasks.get().all where try task.field("NoNewPrivs") != "1" {
      throw .refuted("not set for task \(task.id)")
    }
    return "set for each task"
  }
}

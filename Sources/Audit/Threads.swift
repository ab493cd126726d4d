import Procfs
import Text

/// Questions to the tasks of a process.
enum Threads {
  /// Whether there is one thread of its own, and beside it KVM's at most.
  static func one(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    let tasks = try evidence.tasks.get()
    guard tasks.own.count == 1 else { throw .refuted("\(tasks.own.count) threads") }
    guard !tasks.all.contains(where: { $0.kind == .ring }) else { throw .refuted("io_uring works in it") }
    let workers = tasks.all.filter { $0.kind == .worker }
    guard workers.count <= 1 else {
      throw .refuted("\(workers.count) threads of the kernel's work in it, and KVM needs one")
    }
    if let other = workers.first(where: { !$0.isMachineWorker }) {
      throw .refuted("a thread of the kernel's works in it that isn't KVM's: \(String(other.name))")
    }
    let outside = try Sharing.demandNone(evidence.subject)
    let note = outside == 0 ? "" : ", but for \(outside) tasks that this root may not look at"
    return "one thread of its own, whose memory and descriptors no other process shares\(note)"
  }

  /// Whether nobody traces a task.
  static func untraced(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    for task in try evidence.tasks.get().all where try task.field("TracerPid") != "0" {
      throw .refuted("process \(String(try task.field("TracerPid"))) traces task \(task.id), and decides what it does")
    }
    return "no task has a tracer"
  }

  /// Whether no thread of its own blocks a signal.
  static func signals(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    for task in try evidence.tasks.get().own where try task.field("SigBlk").number(radix: UInt64(16)) != 0 {
      throw .refuted("blocked: \(String(try task.field("SigBlk")))")
    }
    return "none is blocked"
  }
}

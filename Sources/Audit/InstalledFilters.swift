import Glibc
import Policy
import Procfs
import Text

/// The filters that the kernel has for a process, thread by thread.
enum InstalledFilters {
  /// The filters of a thread, and of all that have the same.
  struct Stack: Sendable {
    let task: Int32
    /// The programs, the first installed first; empty for a thread without a filter.
    let programs: [Program]
  }

  /// How many different ones are looked at: what each allows takes time to find out.
  private static let most = 8

  /// Copies the filters out of the process: what its own threads have, each kind once.
  ///
  /// Each thread is stopped for as long as that takes, but none where one is visibly without a filter.
  static func stacks(of subject: Subject, _ tasks: Tasks) throws(Doubt) -> [Stack] {
    for task in tasks.own where try task.field("Seccomp") == "0" { return [Stack(task: task.id, programs: [])] }
    for task in tasks.all where try task.field("TracerPid") != "0" {
      throw .refuted("task \(task.id) has a tracer, which keeps others from asking")
    }
    var tasks = tasks
    for _ in 0..<5 {
      let programs = try FilterReader.programs(of: tasks.own.map(\.id))
      // A thread begins with the filters of the one that made it, but that one may be gone unread.
      let now = try Tasks(of: subject)
      guard let programs, now.areSame(as: tasks) else {
        tasks = now
        continue
      }
      var stacks: [Stack] = []
      for (task, programs) in zip(tasks.own, programs)
      where stacks.count <= most && !stacks.contains(where: { $0.programs == programs }) {
        stacks.append(Stack(task: task.id, programs: programs))
      }
      guard stacks.count <= most else { throw .refuted("more than \(most) of its threads have different filters") }
      return stacks
    }
    throw .refuted("its threads come and go: they never stay the same for a moment")
  }
}

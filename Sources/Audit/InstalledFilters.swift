import Glibc
import Policy
import Procfs
import Text

/// The filters that the kernel has for a process, thread by thread.
enum InstalledFilters {
  /// The filters of a thread, and of all threads with the same filters.
  struct Stack: Sendable {
    let task: Int32
    /// The programs, the first installed first; empty for a thread without a filter.
    let programs: [Program]
  }

  /// The most different sets of filters that are looked at.
  ///
  /// It takes time to find out what each allows.
  private static let most = 8

  /// Copies the filters of the process's own threads, each set once.
  ///
  /// It stops each thread for as long as that takes. It stops none if one visibly has no filter.
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

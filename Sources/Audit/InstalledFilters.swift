import Listing
import Policy

/// The filters that the kernel has for a process, thread by thread.
struct InstalledFilters: Sendable {
  /// The filters of a thread, and of all that have the same.
  struct Stack: Sendable {
    let task: Int32
    /// The programs, the first installed first; empty for a thread without a filter.
    let programs: [Program]
  }

  /// What the process's own threads have, each kind once; empty where it can't be seen.
  let stacks: [Stack]
  /// Why it can't be seen, and what would be needed; nil where it can.
  let problem: String?

  /// Copies the filters out of the process.
  ///
  /// Each thread is stopped for as long as that takes, but none where one is visibly without a filter.
  init(of subject: Subject) {
    let tasks = subject.tasks?.filter { !$0.isOfKernel } ?? []
    let modes = tasks.map { subject.status("Seccomp", task: $0.id) }
    if let index = modes.firstIndex(of: "0") {
      stacks = [Stack(task: tasks[index].id, programs: [])]
      problem = nil
      return
    }
    guard !tasks.isEmpty, !modes.contains(nil) else {
      stacks = []
      problem = Self.unsteady
      return
    }
    switch FilterReader.programs(of: tasks.map(\.id)) {
    case .failure(let complaint):
      stacks = []
      problem = complaint.message
    case .success(let programs):
      // A thread begins with the filters of the one that made it, but that one may be gone unread.
      guard subject.tasks?.filter({ !$0.isOfKernel }) == tasks else {
        stacks = []
        problem = Self.unsteady
        return
      }
      var stacks: [Stack] = []
      for (task, programs) in zip(tasks, programs) where !stacks.contains(where: { $0.programs == programs }) {
        stacks.append(Stack(task: task.id, programs: programs))
      }
      self.stacks = stacks
      problem = nil
    }
  }

  private static let unsteady = "a process whose threads stay the same for a moment"
}

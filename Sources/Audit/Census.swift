import Glibc
import Host
import Procfs
import Text

/// The tasks of all other processes, each once.
///
/// The census ends when it has returned every task that is there.
///
/// A task that shares something can make another that shares it too, and then end or give it up. So one list may miss
/// the new task. A list of which every task was looked at before misses none: a task that shares something now was made
/// by one that did, and would be new on the list.
///
/// A process is settled once every task on a list of its own was looked at before. Nothing that shares can come into it
/// later, because only its own tasks make its tasks. So only processes that aren't settled are listed again, and little
/// time passes between two lists.
struct Census {
  typealias Person = (task: Int32, process: Int32)

  /// How long the census may go on while there are new tasks, in milliseconds.
  private static let most: UInt64 = 1000

  private let process: Int32
  private var patience = Patience(milliseconds: most)
  private var known: Set<Int32> = []
  private var settled: Set<Int32> = []
  private var newest: UInt64 = 0
  private var lists = 0

  /// Takes the tasks of all processes but this one.
  init(except process: Int32) { self.process = process }

  /// The tasks that are there and were not returned before; none at the end.
  ///
  /// - Throws: a doubt, if `/proc` doesn't list tasks, or if new ones never stop coming.
  mutating func next() throws(Doubt) -> [Person] {
    while !patience.isOver() {
      // Two audits at once make tasks for each other with each comparison, until one of them waits a while.
      lists += 1
      if lists > 2 { usleep(.random(in: 1000...40_000)) }
      let before = try Self.newestNumber()
      guard let processes = Directory.numbers("/proc") else { throw .unseen("/proc") }
      let households = processes.filter { $0 != process && !settled.contains($0) }.map { process in
        // One that has ended since, and has no task any more, may have made another.
        (process: process, tasks: Set(Directory.numbers("/proc/\(process)/task") ?? []).union([process]))
      }
      let after = try Self.newestNumber()
      // Numbers go upward, and then begin anew: one that is known may be somebody else's, and a new task's may be below
      // those that were listed.
      let isInOrder = newest <= before && before <= after
      newest = after
      guard isInOrder else {
        (known, settled) = ([], [])
        continue
      }
      settled.formUnion(households.filter { known.isSuperset(of: $0.tasks) }.map(\.process))
      let fresh = households.flatMap { household in
        household.tasks.subtracting(known).map { Person(task: $0, process: household.process) }
      }
      known.formUnion(fresh.map(\.task))
      return fresh
    }
    throw .unseen("a machine on which not every moment has new tasks")
  }

  /// The number of the task that was made last (`/proc/loadavg`, proc(5)).
  private static func newestNumber() throws(Doubt) -> UInt64 {
    let text = (try? Files.read("/proc/loadavg")).map { Text(bytes: $0) }
    guard let number = text?.trimmed.words.last?.number(radix: UInt64(10)) else {
      throw .unseen("/proc/loadavg")
    }
    return number
  }
}

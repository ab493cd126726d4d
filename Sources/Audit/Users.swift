import Host
import Procfs
import Text

/// Who a process runs as.
enum Users {
  /// Whether all four user ids of each task are one, which isn't root's and which no other process has.
  static func own(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    let user = try single("Uid", "uid", evidence)
    guard user != 0 else { throw .refuted("runs as root") }
    let others = try processes(of: user, except: evidence.subject.process)
    guard others.isEmpty else { throw .refuted("uid \(user) has \(others.count) other processes, as \(others[0])") }
    return "uid \(user), which no other process has"
  }

  /// Whether all four group ids of each task are one, which isn't root's, and there are no further groups.
  static func groups(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    let group = try single("Gid", "gid", evidence)
    guard group != 0 else { throw .refuted("runs as root's group") }
    for task in try evidence.tasks.get().all {
      let groups = try task.field("Groups").words
      guard groups.isEmpty else { throw .refuted("groups \(list: groups.map { String($0) })") }
    }
    return "gid \(group), and no supplementary groups"
  }

  private static func single(_ field: Text, _ name: String, _ evidence: ProcessEvidence) throws(Doubt) -> UInt32 {
    var all: [UInt32] = []
    for task in try evidence.tasks.get().all {
      for id in try task.ids(field) where !all.contains(id) { all.append(id) }
    }
    guard let first = all.first else { throw .unseen("/proc/PID/task") }
    guard all.count == 1 else {
      throw .refuted(
        "real, effective, saved and file-system \(name)s differ: \(list: all.map { "\($0)" })")
    }
    return first
  }

  /// The other processes with a task that has this id among its four, as far as `/proc` shows them.
  ///
  /// A thread may have other ids than the first thread, and can signal the processes that its ids allow.
  private static func processes(of user: UInt32, except process: Int32) throws(Doubt) -> [Int32] {
    var found: [Int32] = []
    var census = Census(except: process)
    while case let people = try census.next(), !people.isEmpty {
      for (task, process) in people where !found.contains(process) {
        let ids = Subject.text("/proc/\(process)/task/\(task)/status").flatMap { KeyedLines($0)["Uid"] }
        if ids?.words.contains(where: { $0.number(radix: UInt32(10)) == user }) ?? false { found.append(process) }
      }
    }
    return found
  }
}

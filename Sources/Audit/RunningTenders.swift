import Host
import Procfs
package import Text

/// The tenders that run on this machine.
package enum RunningTenders {
  /// The names under which a tender is installed.
  private static let names: [Text] = ["brig-hvt", "solo5-hvt", "solo5-hvt.2"]

  /// The processes that `/proc` shows to the caller and that are tenders by the name of their program (`comm`).
  ///
  /// The kernel takes that name from the file that was executed, and shows it to everybody, unlike the file. A tender
  /// can't change it once it is sealed. Any other process may have such a name: then the audit shows what it lacks.
  ///
  /// - Throws: `Complaint` where `/proc` can't be read.
  package static func all() throws(Complaint) -> [Int32] {
    guard let processes = Directory.numbers("/proc") else {
      throw Complaint("/proc: cannot be read: mount it")
    }
    // One that has ended but wasn't reaped is nothing to look at.
    return processes.filter { isNamed($0) && !isGone($0) }
  }

  /// Whether a process's program has such a name.
  static func isNamed(_ process: Int32) -> Bool {
    Subject.text("/proc/\(process)/comm").map { names.contains($0.trimmed) } ?? false
  }

  /// Whether a process has ended.
  package static func isGone(_ process: Int32) -> Bool {
    guard let stat = Subject.text("/proc/\(process)/stat").flatMap({ TaskStat($0) }) else { return true }
    return stat.state == "Z"
  }
}

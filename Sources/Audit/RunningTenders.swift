import Host
import Procfs
package import Text

/// The tenders that run on this machine.
package enum RunningTenders {
  /// The names under which a tender is installed.
  private static let names: [Text] = ["brig-hvt", "solo5-hvt", "solo5-hvt.2"]

  /// The processes that `/proc` shows to the caller and that are tenders by the name of their program.
  ///
  /// - Throws: `Complaint` where `/proc` can't be read.
  package static func all() throws(Complaint) -> [Int32] {
    guard let processes = Directory.numbers("/proc") else {
      throw Complaint("/proc: cannot be read: mount it")
    }
    // One that has ended but wasn't reaped is nothing to look at.
    return processes.filter { program(of: $0) != nil && !isGone($0) }
  }

  /// The name of a process's program, if tenders are installed under it; nil for others.
  ///
  /// The kernel takes the process's name (`comm`) from the file that was executed, and shows it to everybody, unlike
  /// the file. A tender with a label has that for its name, and can't change it once it is sealed. It keeps its
  /// program's name as its only argument. Any other process may have such names: then the audit shows what it lacks.
  static func program(of process: Int32) -> Text? {
    guard let name = Subject.name(of: process) else { return nil }
    if names.contains(name) { return name }
    // Who reads arguments may have to wait for the process's memory: of few processes, and in a child.
    let status = Subject.text("/proc/\(process)/status").map { KeyedLines($0) }
    guard status?["Seccomp"] == "2", status?["NoNewPrivs"] == "1" else { return nil }
    let arguments = BoundedChild.read("/proc/\(process)/cmdline")
    guard arguments.error == 0 else { return nil }
    let path = arguments.bytes.prefix { $0 != 0 }
    let program = Text(bytes: Array(path[((path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)...]))
    return names.contains(program) ? program : nil
  }

  /// Whether a process has ended.
  package static func isGone(_ process: Int32) -> Bool {
    guard let stat = Subject.text("/proc/\(process)/stat").flatMap({ TaskStat($0) }) else { return true }
    return stat.state == "Z"
  }
}

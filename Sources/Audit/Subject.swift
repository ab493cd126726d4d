import CLinux
import Host
package import Listing
import Text

/// A process under audit: what `/proc` says of it.
package struct Subject: Sendable {
  package let process: Int32

  /// - Throws: `Complaint` where there is no such process.
  package init(_ process: Int32) throws(Complaint) {
    self.process = process
    guard process > 0, Kernel.raw(.init("kill", SYS_kill), Int(process), 0) != -Int(ESRCH) else {
      throw Complaint("\(process): no such process")
    }
    guard (try? Files.read("/proc/\(process)/stat")) != nil else {
      throw Complaint("/proc/\(process): cannot be read: mount /proc without hidepid, or be root")
    }
    guard status("State")?.hasPrefix("Z") != true else {
      throw Complaint("\(process): the process has ended, and its parent hasn't asked how")
    }
  }

  /// The path of one of the process's files.
  func path(_ name: String) -> String { "/proc/\(process)/\(name)" }

  /// What one of the process's files says, or nil where it can't be read.
  func file(_ name: String) -> String? {
    (try? Files.read(path(name))).map { String(decoding: $0, as: UTF8.self) }
  }

  /// A field of `status`, or of a task's.
  func status(_ field: String, task: Int32? = nil) -> String? {
    let text = task.map { file("task/\($0)/status") } ?? file("status")
    for line in (text ?? "").split(separator: "\n") where line.hasPrefix("\(field):") {
      return line.dropFirst(field.utf8.count + 1).trimmed
    }
    return nil
  }

  /// The ids of the process's tasks.
  var tasks: [Int32] { (Directory.names(path("task")) ?? []).compactMap { Int32($0) }.sorted() }

  /// The tasks that are the process's own, without threads of the kernel that KVM gives it.
  var ownTasks: [Int32] {
    tasks.filter { task in !(file("task/\(task)/comm") ?? "").hasPrefix("kvm-") }
  }

  /// Open descriptors and what they are, as the kernel names it; nil where that may not be seen.
  var descriptors: [(number: Int, target: String)]? {
    guard let names = Directory.names(path("fd")) else { return nil }
    return names.compactMap { Int($0) }.sorted().compactMap { number in
      Directory.link(path("fd/\(number)")).map { (number, $0) }
    }
  }

  /// Whether the process is in another namespace than process 1, or than this program where process 1's may not be
  /// seen; nil where the process's may not be seen.
  func hasOwn(namespace: String) -> (verdict: Bool, than: String)? {
    guard let own = Directory.link(path("ns/\(namespace)")) else { return nil }
    for (process, name) in [("1", "process 1's"), ("self", "the auditor's (process 1's can't be seen)")] {
      if let other = Directory.link("/proc/\(process)/ns/\(namespace)") { return (own != other, name) }
    }
    return nil
  }

  /// A resource limit's hard value, as `limits` prints it: up to there the process may set the other one itself.
  func limit(_ name: String) -> String? {
    for line in (file("limits") ?? "").split(separator: "\n") where line.hasPrefix(name) {
      return line.dropFirst(name.count).split(separator: " ").dropFirst().first.map(String.init)
    }
    return nil
  }

  /// The process's name and command line, for people.
  var title: String {
    let name = file("comm")?.split(separator: "\n").first.map(String.init) ?? "?"
    return "process \(process) (\(name))"
  }
}

extension Substring {
  /// The text without blanks at its ends.
  var trimmed: String {
    String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }
}

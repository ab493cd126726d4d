import CLinux
import Host
package import Listing
import Text

/// A process under audit: what `/proc` says of it.
package struct Subject: Sendable {
  package let process: Int32
  private let handle: ProcessHandle

  /// - Throws: `Complaint` where there is no such process.
  package init(_ process: Int32) throws(Complaint) {
    self.process = process
    do throws(SystemError) {
      handle = try ProcessHandle(process)
    } catch {
      throw Complaint("\(process): \(error.code == ESRCH ? "no such process" : String(error.message))")
    }
    guard (try? Files.read("/proc/\(process)/stat")) != nil else {
      throw Complaint("/proc/\(process): cannot be read: mount /proc without hidepid, or be root")
    }
    try demandRunning()
  }

  /// Checks that the process is still the one it was, and hasn't ended: else what was seen of it means nothing.
  package func demandRunning() throws(Complaint) {
    guard !handle.hasEnded, status("State")?.hasPrefix("Z") != true else {
      throw Complaint("\(process): the process has ended")
    }
  }

  /// What it would take to read one of the process's files, for people.
  func needed(_ file: String) -> String {
    "\(geteuid() == 0 ? "the right to trace it, which this root lacks" : "root"), to read /proc/PID/\(file)"
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

  /// The process's tasks in the order of their ids; nil where none can be seen, as once it has ended.
  var tasks: [ProcessTask]? {
    let ids = (Directory.names(path("task")) ?? []).compactMap { Int32($0) }.sorted()
    // A thread that ended in between has no line any more.
    let tasks = ids.compactMap { id in file("task/\(id)/stat").flatMap { ProcessTask(id, stat: $0) } }
    return tasks.isEmpty ? nil : tasks
  }

  /// Open descriptors, all of them; else what would be needed to see them.
  var descriptors: Result<[OpenDescriptor], Complaint> {
    for _ in 0..<3 {
      guard let numbers = descriptorNumbers else { break }
      let open = numbers.compactMap { number in
        Directory.link(path("fd/\(number)")).map {
          OpenDescriptor(number: number, target: $0, access: access(number))
        }
      }
      if open.count == numbers.count { return .success(open) }
      // They may have been closed since; if they weren't, they can't be read.
      if descriptorNumbers == numbers { break }
    }
    return .failure(Complaint(needed("fd")))
  }

  private var descriptorNumbers: [Int]? { Directory.names(path("fd"))?.compactMap { Int($0) }.sorted() }

  private func access(_ descriptor: Int) -> Int32? {
    for line in (file("fdinfo/\(descriptor)") ?? "").split(separator: "\n") where line.hasPrefix("flags:") {
      return Int32(line.dropFirst(6).trimmed, radix: 8).map { $0 & O_ACCMODE }
    }
    return nil
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

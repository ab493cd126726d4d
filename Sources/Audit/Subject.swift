import CLinux
import Glibc
import Host
import Procfs
package import Text

/// A process under audit: what `/proc` says of it.
package struct Subject: Sendable {
  package let process: Int32
  private let handle: ProcessHandle
  /// When it started, in clock ticks since the boot.
  ///
  /// Then the addresses of its program.
  let start: UInt64
  private let layout: [UInt64]

  /// Where a person finds why a tender has ended.
  static let why = "docs/endings.md (Why did it end) helps to find the reason"
  private static let missing = "no such process: it has ended, or never was; \(why)"

  /// - Throws: `Complaint` where there is no such process.
  package init(_ process: Int32) throws(Complaint) {
    self.process = process
    do throws(SystemError) {
      handle = try ProcessHandle(process)
    } catch {
      throw Complaint("\(process): \(error.code == ESRCH ? Self.missing : String(error.message))")
    }
    guard let stat = Self.text("/proc/\(process)/stat").flatMap({ TaskStat($0) }) else {
      throw Complaint("/proc/\(process): cannot be read: mount /proc without hidepid, or be root")
    }
    (start, layout) = (stat.start, stat.layout)
    try demandRunning()
  }

  /// When it started, as the process itself may see it.
  ///
  /// The kernel adds the offset of the reader's time namespace.
  var startsSeenByItself: [UInt64] {
    guard let theirs = TimeOffset.sinceBoot(of: "\(process)"), let own = TimeOffset.sinceBoot(of: "self") else {
      return [start]
    }
    // A clock tick for people (`USER_HZ`) is 10 ms. What is left of one makes the next.
    let (ticks, rest) = (theirs - own).quotientAndRemainder(dividingBy: 10_000_000)
    let (least, most) = (ticks - (rest < 0 ? 1 : 0), ticks + (rest > 0 ? 1 : 0))
    return [least, most].map { start &+ UInt64(bitPattern: Int64($0)) }
  }

  /// Whether it has ended.
  var hasEnded: Bool { handle.hasEnded }
  /// The descriptor of the process, for a child.
  var descriptor: Int32 { handle.descriptor }

  /// Checks that the process is still the same one, and hasn't ended.
  ///
  /// Otherwise what was seen of it means nothing.
  package func demandRunning() throws(Complaint) {
    guard !handle.hasEnded, let stat = Self.text(path("stat")).flatMap({ TaskStat($0) }) else {
      throw Complaint("\(process): the process has ended: \(Self.why)")
    }
    guard stat.state != "Z" else {
      throw Complaint("\(process): its first thread has ended, and hides what the others have")
    }
    guard stat.start == start, stat.layout == layout else {
      throw Complaint("\(process): the process has executed another program meanwhile: ask again")
    }
  }

  /// The path of one of the process's files.
  func path(_ name: Text) -> Text { "/proc/\(process)/\(name)" }

  /// The content of one of the process's files.
  ///
  /// A child reads it. The kernel may have to wait for the process's memory, which a file system may hold back.
  func file(_ name: Text) throws(Doubt) -> Text {
    let (bytes, error) = BoundedChild.read(path(name))
    guard error == 0 else { throw Doubt(error, reading: String(name)) }
    return Text(bytes: bytes)
  }

  /// What the kernel itself knows of a task; nil if the task has ended.
  func task(_ id: Int32) throws(Doubt) -> (stat: TaskStat, status: KeyedLines)? {
    guard let first = Self.text(path("task/\(id)/stat")), let second = Self.text(path("task/\(id)/status")) else {
      return nil
    }
    let status = KeyedLines(second)
    guard let stat = TaskStat(first), status.isWhole else {
      // A task that ends while it is read says less and less.
      if Self.text(path("task/\(id)/stat")) == nil { return nil }
      throw .refuted("what the kernel says of task \(id) can't be taken apart")
    }
    return (stat, status)
  }

  /// A file of the kernel's own, which never makes a reader wait; nil if it can't be read.
  static func text(_ path: Text) -> Text? {
    guard let file = try? Descriptor.open(path, O_RDONLY), let bytes = try? Files.readAll(file) else { return nil }
    return Text(bytes: bytes)
  }

  /// Whether each task is in another namespace than process 1.
  ///
  /// Where process 1's can't be seen, this program's counts.
  func hasOwn(namespace: Text, _ tasks: Tasks) throws(Doubt) -> (verdict: Bool, than: String) {
    for (process, name) in [("1", "process 1's"), ("self", "the auditor's (process 1's can't be seen)")]
      as [(Text, String)]
    {
      guard let other = Directory.link("/proc/\(process)/ns/\(namespace)") else { continue }
      for task in tasks.own {
        guard let link = Directory.link(path("task/\(task.id)/ns/\(namespace)")) else {
          throw Doubt(errno, reading: "ns")
        }
        if link == other { return (false, name) }
      }
      return (true, name)
    }
    throw .unseen("/proc/self/ns")
  }

  /// A resource limit's hard value; nil for none.
  ///
  /// The process may raise the soft limit up to it.
  func limit(_ name: Text) throws(Doubt) -> UInt64? {
    guard let limit = LimitTable(try file("limits"))[name] else {
      throw .refuted("/proc/PID/limits doesn't say `\(name.shown)'")
    }
    return limit.hard
  }

  /// The name that the kernel has of the process: its program's file, until the process gives itself another.
  var name: Text? { Self.name(of: process) }

  /// The same of any process; nil if it has ended.
  static func name(of process: Int32) -> Text? {
    // It ends with a line end, and may hold more of them.
    text("/proc/\(process)/comm").map { Text(bytes: Array($0.bytes.dropLast())) }
  }

  /// The process's number and name, for people.
  var title: Text { "process \(process) (\(name ?? "?"))" }
}

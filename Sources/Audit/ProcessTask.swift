import CLinux
import Glibc
import Host
import Procfs
import Text

/// A task of a process: a thread of its own, or one that the kernel runs in it.
struct ProcessTask: Equatable, Sendable {
  /// What runs in a task, by flags that no process can give itself (`linux/sched.h`).
  enum Role: Equatable, Sendable {
    /// A thread of the process's own.
    case own
    /// A thread that the kernel made for a device, as KVM does.
    ///
    /// It makes no system call.
    case worker
    /// A thread of `io_uring`.
    ///
    /// It does what the process writes into a ring, past every filter.
    case ring
  }

  let id: Int32
  let kind: Role
  let name: Text
  /// How it is scheduled (`SCHED_*`), nil where the kernel doesn't say.
  let policy: UInt64?
  let status: KeyedLines

  /// `PF_IO_WORKER` and `PF_USER_WORKER`.
  private static let (ringFlag, workerFlag): (UInt64, UInt64) = (0x10, 0x4000)

  init(_ id: Int32, _ stat: TaskStat, _ status: KeyedLines) {
    self.id = id
    self.status = status
    (name, policy) = (stat.name, stat.policy)
    kind = stat.flags & Self.ringFlag != 0 ? .ring : stat.flags & Self.workerFlag != 0 ? .worker : .own
  }

  /// Whether it has the name of KVM's worker, which recovers large pages.
  ///
  /// A worker of vhost is named `vhost-` and a number, and does what is written into rings, past every filter. A
  /// process can give the worker another name before the seal, but not its descriptor. Without that descriptor the
  /// worker ends.
  var isMachineWorker: Bool { kind == .worker && name == "kvm-nx-lpage-re" }

  /// A field of its status.
  ///
  /// - Throws: a kernel that doesn't print it.
  func field(_ name: Text) throws(Doubt) -> Text {
    guard let value = status[name] else { throw .unseen("a kernel that says \(name.shown) in /proc/PID/status") }
    return value
  }

  /// The four ids of a field: the real, the effective, the saved and the file-system id.
  func ids(_ name: Text) throws(Doubt) -> [UInt32] {
    let ids = try field(name).words.map { $0.number(radix: UInt32(10)) }
    guard ids.count == 4, !ids.contains(nil) else { throw .refuted("task \(id) has no four ids: \(name.shown)") }
    return ids.compactMap { $0 }
  }
}

/// All tasks of a process at one moment.
struct Tasks: Equatable, Sendable {
  let all: [ProcessTask]

  /// Threads of the process's own.
  var own: [ProcessTask] { all.filter { $0.kind == .own } }

  /// Whether these are the same tasks, even if their state has changed.
  func areSame(as other: Tasks) -> Bool {
    all.map(\.id) == other.all.map(\.id) && all.map(\.kind) == other.all.map(\.kind)
  }

  /// Reads each task of a process, until the tasks stay the same for as long as that takes.
  init(of subject: Subject) throws(Doubt) {
    for _ in 0..<40 {
      guard let ids = Directory.numbers(subject.path("task")) else { throw Doubt(errno, reading: "task") }
      var (tasks, count): ([ProcessTask], UInt64) = ([], 0)
      for id in ids {
        guard let task = try subject.task(id) else { break }
        if id == subject.process { count = task.stat.threads }
        tasks.append(ProcessTask(id, task.stat, task.status))
      }
      if tasks.count == ids.count, Int(exactly: count) == ids.count, Self.stay(ids, subject) {
        all = tasks
        return
      }
      if subject.hasEnded { throw .unseen("a process that doesn't end meanwhile") }
      usleep(2000)
    }
    throw .refuted("its threads come and go: they never stay the same for a moment")
  }

  /// Whether the tasks are the same now and a moment later.
  ///
  /// A task that comes and goes is there at some of these moments.
  private static func stay(_ ids: [Int32], _ subject: Subject) -> Bool {
    for _ in 0..<8 {
      guard Directory.numbers(subject.path("task")) == ids else { return false }
      usleep(300)
    }
    return true
  }
}

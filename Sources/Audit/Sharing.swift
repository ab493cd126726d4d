import CLinux
import Glibc
import Host
import Procfs
import Text

/// Whether tasks share memory or descriptors.
///
/// Another process with the same can do for one what its own filter forbids.
enum Sharing {
  /// `KCMP_VM` and `KCMP_FILES` (`linux/kcmp.h`).
  private static let (memory, files) = (1, 2)
  private static let kcmp = SystemCall("kcmp", Int32(SYS_kcmp))

  /// Compares each task of each other process that `/proc` shows.
  ///
  /// It looks at every task. A first thread may have ended, or may have given up what the others still share.
  ///
  /// - Returns: how many tasks root may not compare, such as those outside of its container.
  /// - Throws: a doubt, if a task shares something, or if that can't be found out.
  static func demandNone(_ subject: Subject) throws(Doubt) -> Int {
    // Whoever may not look at the process learns nothing from what is refused of others.
    if let error = try compare(subject, with: [Int(subject.process)]).pieces.map(\.error).first(where: { $0 != 0 }) {
      throw unseen(error)
    }
    var outside: Set<Int32> = []
    var census = Census(except: subject.process)
    while case let people = try census.next(), !people.isEmpty {
      let answer = try compare(subject, with: people.map { Int($0.task) })
      for piece in answer.pieces {
        let (task, process) = people[piece.tag / 2]
        switch piece.error {
        case 0:
          let words = piece.tag % 2 == 0 ? "memory" : "descriptors"
          throw .refuted("\(task == process ? "process" : "task \(task) of process") \(process) shares its \(words)")
        case ESRCH: break
        case EPERM where geteuid() == 0: outside.insert(task)
        default: throw unseen(piece.error)
        }
      }
      guard answer.isWhole else { throw .refuted("it can't be compared with other processes in time") }
    }
    return outside.count
  }

  /// Whether all of a process's own threads have the same descriptors.
  static func haveOneTable(_ subject: Subject, _ tasks: Tasks) throws(Doubt) -> Bool {
    let others = tasks.own.map { Int($0.id) }.filter { $0 != Int(subject.process) }
    guard !others.isEmpty else { return true }
    let answer = try compare(subject, with: others)
    if let error = answer.pieces.map(\.error).first(where: { $0 != 0 }) { throw unseen(error) }
    guard answer.isWhole else { throw .refuted("its threads can't be compared in time") }
    return answer.pieces.count { $0.tag % 2 == 1 } == others.count
  }

  /// What tasks share with a process, and what the kernel refused.
  ///
  /// A piece's tag is twice the task's index, plus one for descriptors.
  ///
  /// There is no piece for what isn't shared.
  private static func compare(_ subject: Subject, with tasks: [Int]) throws(Doubt) -> BoundedChild.Answer {
    let own = Int(subject.process)
    // A child compares them: a process that executes a program is compared when it has.
    let answer = BoundedChild.run { output in
      var index = 0
      while index < tasks.count {
        var kind = memory
        while kind <= files {
          // It says 0 for the same, and more for another (kcmp(2)).
          let result = Kernel.raw(kcmp, own, tasks[index], kind)
          if result <= 0 { output.say(index * 2 + kind - 1, result) }
          kind += 1
        }
        index += 1
      }
    }
    guard let answer else { throw .unseen("resources of the auditor's own") }
    return answer
  }

  private static func unseen(_ error: Int32) -> Doubt {
    switch error {
    case EPERM, EACCES:
      .unseen("\(geteuid() == 0 ? "the right to trace it, which this root lacks" : "root"), to compare processes")
    case ENOSYS: .unseen("a kernel with kcmp(2)")
    case ESRCH: .unseen("a process that doesn't end meanwhile")
    default: .unseen("kcmp: \(String(SystemError.reason(of: error)))")
    }
  }
}

import CLinux
import Glibc
import Host
import Listing
import Procfs
import Text

/// Whether another process shares the memory or the descriptors of one, and so does for it what its own filter forbids.
enum Sharing {
  /// `KCMP_VM` and `KCMP_FILES` (`linux/kcmp.h`).
  private static let (memory, files) = (1, 2)
  private static let kcmp = SystemCall("kcmp", Int32(SYS_kcmp))

  /// - Throws: another process that shares something, as far as `/proc` shows processes; a kernel without `kcmp` shows none.
  static func demandNone(_ subject: Subject) throws(Doubt) {
    let own = Int(subject.process)
    let others = (Directory.numbers("/proc") ?? []).map { Int($0) }.filter { $0 != own }
    // A child compares them: a process that executes a program is compared when it has.
    let answer = BoundedChild.run { output in
      var index = 0
      while index < others.count {
        // It says 0 for the same, and more for another (kcmp(2)).
        if Kernel.raw(kcmp, own, others[index], memory) == 0 { output.say(index * 2, 0) }
        if Kernel.raw(kcmp, own, others[index], files) == 0 { output.say(index * 2 + 1, 0) }
        index += 1
      }
    }
    guard let answer else { throw .unseen("resources of the auditor's own") }
    if let piece = answer.pieces.first, others.indices.contains(piece.tag / 2) {
      throw .refuted("process \(others[piece.tag / 2]) shares its \(piece.tag % 2 == 0 ? "memory" : "descriptors")")
    }
    guard answer.isWhole else { throw .refuted("it can't be compared with other processes in time") }
  }
}

import CLinux
import Host
import Text

/// Why a check doesn't say yes.
enum Doubt: Error, Equatable {
  /// Whoever audits may not see it: with what would be needed.
  case unseen(Detail)
  /// It isn't so, or the process withholds what who audits may see.
  case refuted(Detail)

  var words: String {
    switch self {
    case .unseen(let words), .refuted(let words): words.whole
    }
  }

  init(_ problem: Complaint) { self = .refuted(Detail(problem.message)) }

  /// What follows from an error number that the kernel gave for one of the process's files.
  ///
  /// - Parameters:
  ///   - error: the number.
  ///   - file: its name below `/proc/PID`.
  init(_ error: Int32, reading file: String) {
    switch error {
    case EACCES, EPERM: self = .unseen(Detail(Self.needed(file)))
    case ENOENT, ESRCH: self = .unseen("a process that doesn't end meanwhile, and a kernel that has /proc/PID/\(file)")
    case EAGAIN, EMFILE, ENFILE, ENOMEM: self = .unseen("resources of the auditor's own")
    case ETIMEDOUT: self = .refuted("/proc/PID/\(file) doesn't answer: the process or its file system holds it back")
    default: self = .refuted("/proc/PID/\(file) can't be read: \(String(SystemError.reason(of: error)))")
    }
  }

  /// What it would take to read one of a process's files, for people.
  static func needed(_ file: String) -> String {
    "\(geteuid() == 0 ? "the right to trace it, which this root lacks" : "root"), to read /proc/PID/\(file)"
  }
}

import Procfs
import Text

/// Whether anything of the environment is left where the kernel put it.
enum Environment {
  static func answer(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    let subject = evidence.subject
    let bytes = try subject.file("environ").bytes
    guard let stat = Subject.text(subject.path("stat")).flatMap({ TaskStat($0) }) else {
      throw .unseen("/proc/PID/stat")
    }
    // Memory that can't be read hides what it holds.
    guard bytes.count == stat.environment.count else {
      throw .refuted("\(stat.environment.count - bytes.count) of its \(stat.environment.count) bytes are withheld")
    }
    let count = bytes.count { $0 != 0 }
    guard count == 0 else { throw .refuted("\(count) bytes of it can still be read") }
    return "wiped"
  }
}

import Procfs
import Text

/// Whether the out-of-memory killer takes a process no later than others.
enum OOMScore {
  static func answer(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    let text = try evidence.subject.file("oom_score_adj").trimmed
    guard let value = text.integer else { throw .refuted("oom_score_adj is no number") }
    guard value >= 0 else { throw .refuted("oom_score_adj is \(value): others die first") }
    return "oom_score_adj is \(value)"
  }
}

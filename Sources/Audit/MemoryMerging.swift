import Procfs
import Text

/// Whether pages of a process are merged with equal ones of others.
enum MemoryMerging {
  static func answer(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    let lines = KeyedLines(try evidence.subject.file("ksm_stat"))
    guard let all = lines["ksm_merge_any"] else { throw .unseen("Linux 6.6 with CONFIG_KSM") }
    guard all == "no", lines["ksm_mergeable"] ?? "no" == "no" else { throw .refuted("pages may be merged") }
    return "pages aren't merged"
  }
}

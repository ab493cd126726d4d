import Procfs
import Text

/// Whether speculation past stores and through branches is kept from leaking what the process's memory holds.
enum Speculation {
  /// What is well, in the kernel's words (`fs/proc/array.c`).
  private static let mitigated: [(field: Text, values: [Text])] = [
    (
      "Speculation_Store_Bypass",
      ["not vulnerable", "thread force mitigated", "thread mitigated", "globally mitigated"]
    ),
    (
      "SpeculationIndirectBranch",
      ["unsupported", "not affected", "conditional force disabled", "conditional disabled", "always disabled"]
    ),
  ]

  static func answer(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    var seen: [String] = []
    for task in try evidence.tasks.get().own {
      for (field, values) in mitigated {
        guard let value = task.status[field] else { continue }
        let words = "\(String(field)): \(String(value))"
        guard values.contains(value) else { throw .refuted(Detail(words)) }
        if !seen.contains(words) { seen.append(words) }
      }
    }
    guard !seen.isEmpty else { throw .unseen("a kernel that says so in /proc/PID/status") }
    return Detail(seen.joined(separator: "; "))
  }
}

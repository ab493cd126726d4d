import Procfs
import Text

/// Whether the host's kernel mitigates the processor's flaws that concern guests, whatever the process does.
enum ProcessorFlaws {
  static func answer(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    // It is asked of a process that is there, though the answer is the machine's.
    _ = try evidence.tasks.get()
    return try answer { Subject.text($0) }
  }

  /// Which are open, by what files say.
  static func open(_ read: (Text) -> Text?) -> [ProcessorFlaw] {
    ProcessorFlaw.all.filter { flaw in
      read(flaw.path).map { ProcessorFlaw.Exposure($0.trimmed) } == .open
    }
  }

  /// The answer by what files say.
  static func answer(_ read: (Text) -> Text?) throws(Doubt) -> Detail {
    var (open, unknown): ([String], [String]) = ([], [])
    for flaw in ProcessorFlaw.all {
      let line = read(flaw.path)?.trimmed
      switch line.map({ ProcessorFlaw.Exposure($0) }) {
      case .closed: break
      case .open: open.append("\(flaw.name): \(String(line ?? ""))")
      case .unknown, nil: unknown.append(flaw.name)
      }
    }
    guard open.isEmpty else { throw .refuted("\(list: open, separator: "; ")") }
    guard unknown.isEmpty else {
      throw .unseen("a kernel that knows, and says in /sys/devices/system/cpu/vulnerabilities: \(list: unknown)")
    }
    return "mitigated, or not this processor's: \(list: ProcessorFlaw.all.map(\.name))"
  }
}

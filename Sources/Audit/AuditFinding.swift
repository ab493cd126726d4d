import Text

/// What came of one check.
package struct AuditFinding: Sendable {
  /// Whether a check passed.
  package enum Verdict: String, Sendable {
    case yes, no
    /// Whoever audits may not see the answer.
    case unseen
  }

  /// The check's name; for a step of the seal the step's.
  package let name: String
  package let weight: Int
  package let verdict: Verdict
  private let words: Detail

  /// What was seen, or what would be needed to see it.
  package var detail: String { words.whole }
  /// The same with long lists cut, for a line.
  package var line: String { words.line }

  init(name: String, weight: Int, verdict: Verdict, detail: Detail) {
    (self.name, self.weight, self.verdict, words) = (name, weight, verdict, detail)
  }
}

/// What came of one check.
package struct Finding: Sendable {
  /// Whether a check passed.
  package enum Verdict: String, Sendable {
    case yes, no
    /// The answer may not be seen; the check is left out of the score.
    case unseen
    /// The question doesn't arise, as for a file-size limit where there is no file.
    case notApplicable = "not applicable"
  }

  /// The check's name; for a step of the seal the step's.
  package let name: String
  package let weight: Int
  package let verdict: Verdict
  /// What was seen, or what would be needed to see it.
  package let detail: String
}

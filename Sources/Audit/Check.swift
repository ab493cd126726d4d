/// One question that the audit asks of a process.
struct Check: Sendable {
  /// An answer and what it rests on.
  enum Answer {
    case yes(String)
    case no(String)
    /// With what would be needed.
    case unseen(String)
    case notApplicable(String)
  }

  /// The name of the step of the seal that makes the answer yes.
  let name: String
  /// How much it counts, from 1 to 20.
  let weight: Int
  let ask: @Sendable (Evidence) -> Answer

  func finding(_ evidence: Evidence) -> Finding {
    let (verdict, detail): (Finding.Verdict, String) =
      switch ask(evidence) {
      case .yes(let detail): (.yes, detail)
      case .no(let detail): (.no, detail)
      case .unseen(let detail): (.unseen, detail)
      case .notApplicable(let detail): (.notApplicable, detail)
      }
    return Finding(name: name, weight: weight, verdict: verdict, detail: detail)
  }
}

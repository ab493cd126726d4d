import Confinement
import Listing

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
      switch isMissing(in: evidence.receipt) ? .no("the receipt doesn't have it") : ask(evidence) {
      case .yes(let detail): (.yes, detail)
      case .no(let detail): (.no, detail)
      case .unseen(let detail): (.unseen, detail)
      case .notApplicable(let detail): (.notApplicable, detail)
      }
    return Finding(name: name, weight: weight, verdict: verdict, detail: detail)
  }

  /// Says whether the check belongs to a step that the tender should have told of, and hasn't.
  private func isMissing(in receipt: ReceiptRecord?) -> Bool {
    guard let receipt, Step.allCases.contains(where: { "\($0.description.name)" == name }) else { return false }
    return !receipt.steps.contains { $0.name == name }
  }
}

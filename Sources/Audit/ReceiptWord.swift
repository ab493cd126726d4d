import Receipts
import Text

/// What a process's own receipt says of a step.
enum ReceiptWord: Equatable, Sendable {
  case applied
  /// The tender tried, and the machine or its launcher didn't let it; with the reason.
  case unavailable(String)
  /// The receipt doesn't name the step.
  case nothing

  init(of step: String, in receipt: ReceiptRecord) {
    let entries = receipt.steps.filter { $0.name == step }
    if let reason = entries.compactMap(\.unavailable).first {
      self = .unavailable(reason)
    } else {
      self = entries.isEmpty ? .nothing : .applied
    }
  }

  /// The answer to a check, once the receipt has been heard.
  ///
  /// A receipt makes nothing worse that the kernel shows: what the tender couldn't take may be in force all the same,
  /// by the machine or by its launcher.
  ///
  /// - Parameters:
  ///   - seen: the answer without this word.
  ///   - isConclusive: whether a yes of that is the fact itself.
  /// - Returns: the answer that counts.
  func settled(_ seen: Result<Detail, Doubt>, isConclusive: Bool) -> Result<Detail, Doubt> {
    switch self {
    case .applied: return seen
    case .nothing: return .failure(.refuted("the receipt doesn't have it"))
    case .unavailable(let reason):
      if isConclusive, case .success(let words) = seen {
        return .success("\(words), though the receipt calls its own step unavailable: \(reason)")
      }
      return .failure(.refuted("the receipt calls it unavailable: \(reason)"))
    }
  }
}

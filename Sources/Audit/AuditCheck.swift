import Confinement
import Receipts
import Text

/// One question that the audit asks of a process.
struct AuditCheck: Sendable {
  /// The name of the step of the seal that makes the answer yes.
  let name: String
  /// How much it counts, from 1 to 20.
  let weight: Int
  /// Whether it looks itself; else the receipt says it, or nobody does.
  let looks: Bool
  /// What a yes rests on, for people; a no, and what may not be seen, is thrown.
  private let ask: @Sendable (ProcessEvidence) throws(Doubt) -> Detail

  init(
    _ name: String, _ weight: Int, looks: Bool = true,
    _ ask: @escaping @Sendable (ProcessEvidence) throws(Doubt) -> Detail
  ) {
    self.looks = looks
    self.name = name
    self.weight = weight
    self.ask = ask
  }

  func finding(_ evidence: ProcessEvidence) -> AuditFinding {
    do throws(Doubt) {
      try demandInReceipt(evidence)
      return AuditFinding(name: name, weight: weight, verdict: .yes, detail: try ask(evidence))
    } catch {
      switch error {
      case .unseen(let needed): return AuditFinding(name: name, weight: weight, verdict: .unseen, detail: needed)
      case .refuted(let reason): return AuditFinding(name: name, weight: weight, verdict: .no, detail: reason)
      }
    }
  }

  /// Where the check belongs to a step of the seal and there is a receipt of the process's, that must say it was taken.
  private func demandInReceipt(_ evidence: ProcessEvidence) throws(Doubt) {
    guard case .own(let receipt, _) = evidence.receipt, Self.steps.contains(name) else { return }
    let entries = receipt.steps.filter { $0.name == name }
    guard !entries.isEmpty else { throw .refuted("the receipt doesn't have it") }
    if let reason = entries.compactMap(\.unavailable).first {
      throw .refuted("the receipt calls it unavailable: \(reason)")
    }
  }

  private static let steps = Set(Step.allCases.map { "\($0.description.name)" })

  /// A check of what no other process can see: the receipt says it, or nobody does.
  static func told(_ name: String, _ weight: Int, because reason: String) -> AuditCheck {
    AuditCheck(name, weight, looks: false) { evidence throws(Doubt) in
      switch evidence.receipt {
      case .none: throw .unseen("the receipt: \(reason)")
      case .foreign(let reason): throw .refuted(Detail(reason))
      case .own(_, let note): return "says the receipt\(note)"
      }
    }
  }
}

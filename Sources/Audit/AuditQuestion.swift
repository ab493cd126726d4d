import Receipts
import Text

/// How the audit finds something out, and how much that counts.
struct AuditQuestion: Sendable {
  /// From 1 to 20.
  let weight: Int
  /// What a yes rests on, for people; a no, and what may not be seen, is thrown.
  let answer: @Sendable (ProcessEvidence) throws(Doubt) -> Detail

  /// What the kernel shows of a process.
  static func seen(
    _ weight: Int, _ answer: @escaping @Sendable (ProcessEvidence) throws(Doubt) -> Detail
  ) -> AuditQuestion {
    AuditQuestion(weight: weight, answer: answer)
  }

  /// What no other process can see, with why: the receipt says it, or nobody does.
  static func told(_ weight: Int, because reason: String) -> AuditQuestion {
    AuditQuestion(weight: weight) { evidence throws(Doubt) in
      switch evidence.receipt {
      case .none: throw .unseen("the receipt: \(reason)")
      case .foreign(let reason): throw .refuted(Detail(reason))
      case .own(_, let note): return "says the receipt\(note)"
      }
    }
  }
}

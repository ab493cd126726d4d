import Receipts
import Text

/// How the audit finds something out, and how much that counts.
struct AuditQuestion: Sendable {
  /// From 1 to 20.
  let weight: Int
  /// Whether a yes is the fact itself, in place of a sign that agrees with it.
  let isConclusive: Bool
  /// What a yes rests on, for people; a no, and what may not be seen, is thrown.
  let answer: @Sendable (ProcessEvidence) throws(Doubt) -> Detail

  /// What the kernel shows of a process.
  static func seen(
    _ weight: Int, _ answer: @escaping @Sendable (ProcessEvidence) throws(Doubt) -> Detail
  ) -> AuditQuestion {
    AuditQuestion(weight: weight, isConclusive: true, answer: answer)
  }

  /// What the kernel shows only in part: that a process has another namespace than process 1's, but not whether it is
  /// the process's own or its launcher's.
  static func glimpsed(
    _ weight: Int, _ answer: @escaping @Sendable (ProcessEvidence) throws(Doubt) -> Detail
  ) -> AuditQuestion {
    AuditQuestion(weight: weight, isConclusive: false, answer: answer)
  }

  /// What no other process can see, with why: the receipt says it, or nobody does.
  static func told(_ weight: Int, because reason: String) -> AuditQuestion {
    AuditQuestion(weight: weight, isConclusive: false) { evidence throws(Doubt) in
      switch evidence.receipt {
      case .none: throw .unseen("the receipt: \(reason)")
      case .foreign(let other): throw .unseen("its own receipt: \(reason); \(other)")
      case .own(_, let note): return "says the receipt\(note)"
      }
    }
  }
}

import Text

/// What came of one check.
package struct AuditFinding: Sendable {
  let check: AuditCheck
  private let cause: AuditCause
  package let weight: Int
  /// What a yes rests on, or why there is none.
  private let answer: Result<Detail, Doubt>

  init(check: AuditCheck, cause: AuditCause, weight: Int, answer: Result<Detail, Doubt>) {
    (self.check, self.cause, self.weight, self.answer) = (check, cause, weight, answer)
  }

  /// The check's name; for a step of the seal the step's.
  package var name: String { check.name }

  package var verdict: AuditVerdict {
    switch answer {
    case .success: .yes
    case .failure(.refuted): .no
    case .failure(.unseen): .unseen
    }
  }

  /// What to do about a no; nil for another verdict.
  package var remedy: String? { verdict == .no ? check.remedy(cause) : nil }

  private var words: Detail {
    switch answer {
    case .success(let words), .failure(.refuted(let words)), .failure(.unseen(let words)): words
    }
  }

  /// What was seen, or what would be needed to see it.
  package var detail: String { words.whole }
  /// The same with long lists cut, for a line.
  package var line: String { words.line }
}

/// Whether a check passed.
package enum AuditVerdict: String, Sendable {
  case yes, no
  /// Whoever audits may not see the answer.
  case unseen
}

@testable import Audit
import CLinux
import CSubject
import Glibc
import Receipts
import Testing

/// What the audit finds of a process, by the check's name.
struct Findings {
  private let findings: [String: AuditFinding]

  init(_ process: Int32, receipt: ReceiptRecord? = nil) throws {
    try #require(process > 0, "there is no process to look at")
    self.init(try Audit.atQuietMoment(of: process, receipt: receipt))
  }

  init(_ audit: Audit) { findings = Dictionary(uniqueKeysWithValues: audit.findings.map { ($0.name, $0) }) }

  subscript(_ name: String) -> AuditVerdict? { findings[name]?.verdict }
  func detail(_ name: String) -> String { findings[name]?.detail ?? "" }

  /// Looks at a process that is killed thereafter.
  static func of(_ process: Int32) throws -> Findings {
    defer { End.kill(process) }
    return try Findings(process)
  }
}

extension Audit {
  /// Looks at a process until the audit has found a moment without new tasks.
  ///
  /// The audits of tests beside this one make tasks all the time. One of a machine as busy as that says so, and is right.
  static func atQuietMoment(of process: Int32, receipt: ReceiptRecord? = nil) throws -> Audit {
    for _ in 0..<3 {
      let audit = try Audit(of: process, receipt: receipt)
      let isBusy = audit.findings.contains { $0.name == "one-thread" && $0.detail.contains("not every moment has new") }
      if !isBusy { return audit }
    }
    return try Audit(of: process, receipt: receipt)
  }
}

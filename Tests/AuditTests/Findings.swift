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
    self.init(try Audit(of: process, receipt: receipt))
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

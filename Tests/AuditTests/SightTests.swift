import CLinux
import Glibc
import Listing
import Testing

@testable import Audit

/// What an auditor says who doesn't see everything: neither yes nor no.
@Suite("the audit of what can't be seen", .serialized, .enabled(if: geteuid() == 0, "needs root"))
struct SightTests {
  @Test("what a process writes is printed without control characters")
  func hostileNames() throws {
    let directory = Shell.output("mktemp -d").filter { $0 != "\n" }
    defer { _ = Shell.output("rm -rf \(directory)") }
    let name = "\(directory)/x\u{1b}[31m\nscore 100 of 100"
    _ = Shell.output("touch '\(name)'")
    let shell = try #require(Shell("exec 8</dev/zero 9<'\(name)'; exec sleep 20"))
    defer { shell.kill() }
    let audit = try Audit(of: shell.process, receipt: nil)
    #expect(audit.findings.contains { $0.detail.contains("\u{1b}") })
    #expect(!audit.text.contains("\u{1b}"))
    #expect(audit.text.split(separator: "\n").count == audit.findings.count + 2)
  }
}

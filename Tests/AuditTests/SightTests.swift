import CLinux
import CSubject
import Glibc
import Listing
import Testing

@testable import Audit

/// What an auditor says who doesn't see everything: neither yes nor no.
@Suite("the audit of what can't be seen", .serialized, .enabled(if: geteuid() == 0, "needs root"))
struct SightTests {
  static let filterChecks = ["few-system-calls", "arguments-pinned", "foreign-calls-refused", "seccomp-filter"]
  static let ordinary = "--reuid=61003 --regid=61003 --clear-groups"
  static let withoutTracing = "--bounding-set=-sys_ptrace --inh-caps=-sys_ptrace"

  /// The findings of `brig audit`, run by another user than the tests'.
  private func findings(_ process: Int32, by user: String) throws -> [String: (verdict: String, detail: String)] {
    let directory = Shell.output("mktemp -d").filter { $0 != "\n" }
    defer { _ = Shell.output("rm -rf \(directory)") }
    let text = Shell.output(
      "chmod 755 \(directory); cp \(Bench.root)/.build/debug/brig \(directory); cd /; "
        + "setpriv \(user) \(directory)/brig audit --json \(process)")
    let json = try JSONValue(parsing: Array(text.utf8), file: "brig audit")
    var findings: [String: (verdict: String, detail: String)] = [:]
    for check in json["checks"]?.elements ?? [] {
      findings[check["name"]?.string ?? ""] = (check["verdict"]?.string ?? "", check["detail"]?.string ?? "")
    }
    try #require(findings.count == Checks.all.count)
    return findings
  }

  @Test("an ordinary user sees nothing that a sealed tender lacks", .enabled(if: Bench.isPossible, "needs a tender"))
  func tender() throws {
    let shell = try #require(Shell(tender: "exec \(Bench.root)/bin/brig-hvt --mem=2 \(Bench.guest)"))
    defer { shell.kill() }
    let findings = try findings(shell.process, by: Self.ordinary)
    #expect(findings.filter { $0.value.verdict == "no" }.map(\.key) == [])
    for name in ["nested-namespaces", "limit-nofile", "stray-descriptors"] + Self.filterChecks {
      #expect(findings[name]?.verdict == "unseen", "\(name)")
    }
  }

  @Test("an ordinary user sees that there is no limit and no filter, but not what is open")
  func plain() throws {
    let shell = try #require(Shell("exec prlimit --fsize=unlimited sleep 20"))
    defer { shell.kill() }
    let findings = try findings(shell.process, by: Self.ordinary)
    for name in Self.filterChecks { #expect(findings[name]?.verdict == "no", "\(name)") }
    #expect(findings["limit-fsize"]?.verdict == "unseen")
    #expect(findings["limit-nofile"]?.detail.contains("root, to read") == true)
  }

  @Test("root that may not trace sees no descriptors, and isn't told to be root")
  func withoutTracing() throws {
    let shell = try #require(Shell("exec sleep 20"))
    defer { shell.kill() }
    let findings = try findings(shell.process, by: Self.withoutTracing)
    for name in ["standard-descriptors", "stray-descriptors", "virtual-machine", "limit-nofile", "nested-namespaces"] {
      #expect(findings[name]?.verdict == "unseen", "\(name)")
      #expect(findings[name]?.detail.contains("which this root lacks") == true, "\(name)")
    }
  }

  @Test("a process that has ended passes no check, and has no audit")
  func ended() throws {
    let process = csubject_two_threads()
    let subject = try Subject(process)
    End.kill(process)
    let findings = Checks.all.map { $0.finding(Evidence(subject, receipt: nil)) }
    #expect(findings.filter { $0.verdict == .yes || $0.verdict == .no }.map(\.name) == [])
    #expect(throws: Complaint("\(process): the process has ended")) { try Audit(of: subject, receipt: nil) }
  }

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

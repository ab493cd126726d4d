@testable import Audit
import CLinux
import CSubject
import Glibc
import Host
import Testing
import Text

/// What an auditor says who doesn't see everything: neither yes nor no.
///
/// To add one: a function with the `findings` of a process by another user, and the checks that are `unseen` to it.
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
    try #require(findings.count == AuditCheck.all.count)
    return findings
  }

  @Test("an ordinary user sees nothing that a sealed tender lacks", .enabled(if: Bench.isPossible, "needs a tender"))
  func tender() throws {
    let shell = try #require(Shell(tender: "exec \(Bench.root)/bin/brig-hvt --mem=2 \(Bench.guest)"))
    defer { shell.kill() }
    let all = try Findings(shell.process)
    let findings = try findings(shell.process, by: Self.ordinary)
    for (name, _) in findings.filter({ $0.value.verdict == "no" }) { #expect(all[name] == .no, "\(name)") }
    for name in ["limit-nofile", "stray-descriptors", "one-thread"] + Self.filterChecks {
      #expect(findings[name]?.verdict == "unseen", "\(name)")
    }
  }

  @Test("an ordinary user sees that there is no limit and no filter, but not what is open")
  func plain() throws {
    let shell = try #require(Shell("exec prlimit --fsize=unlimited sleep 20"))
    defer { shell.kill() }
    let findings = try findings(shell.process, by: Self.ordinary)
    for name in Self.filterChecks { #expect(findings[name]?.verdict == "no", "\(name)") }
    #expect(findings["limit-fsize"]?.verdict == "no")
    #expect(findings["limit-nofile"]?.detail.contains("root, to read") == true)
  }

  /// The status and the last line of `brig audit`, run by an ordinary user.
  private func run(_ options: String, _ process: Int32) -> (line: String, status: String) {
    let lines = Shell.output(
      "cd /tmp; d=$(mktemp -d); chmod 755 $d; cp \(Bench.root)/.build/debug/brig $d; "
        + "setpriv \(Self.ordinary) $d/brig audit \(options) \(process) | tail -1; echo ${PIPESTATUS[0]}; rm -r $d"
    ).split(separator: "\n").map(String.init)
    return (lines.first ?? "", lines.last ?? "")
  }

  @Test(
    "what isn't seen is lost for the score, unless that is allowed", .enabled(if: Bench.isPossible, "needs a tender"))
  func score() throws {
    let shell = try #require(Shell(tender: "exec \(Bench.root)/bin/brig-hvt --mem=2 \(Bench.guest)"))
    defer { shell.kill() }
    let whole = AuditCheck.all.reduce(0) { $0 + $1.question.weight }
    let audit = try Audit(of: shell.process, receipt: nil)
    #expect(audit.weight == whole && audit.seenWeight + audit.unseenWeight == whole)
    let line = try #require(audit.text(allowing: false).split(separator: "\n").last)
    let words = "\(audit.earnedWeight) of \(audit.seenWeight) seen, \(audit.unseenWeight) of \(whole) not seen"
    #expect(line.contains(words) && audit.unseenWeight > 0)
    // An ordinary user doesn't see the filter.
    let strict = run("--fail-below 60", shell.process)
    #expect(strict.status == "1" && strict.line.contains("of \(whole) not seen and lost"), "\(strict)")
    let lenient = run("--fail-below 60 --allow-unseen", shell.process)
    #expect(lenient.status == "0" && lenient.line.contains("of \(whole) not seen and left out"), "\(lenient)")
    #expect(run("", shell.process).status == "0")
  }

  @Test(
    "--wait looks again until the score is reached, or the process ends",
    .enabled(if: Bench.isPossible, "needs a tender"))
  func wait() throws {
    let tender = "exec \(Bench.root)/bin/brig-hvt --mem=2 \(Bench.guest)"
    let late = try #require(Shell("sleep 2; \(tender)", ready: 0))
    defer { late.kill() }
    #expect(run("--fail-below 60 --allow-unseen", late.process).status == "1")
    #expect(run("--fail-below 60 --allow-unseen --wait 60", late.process).status == "0")
    let never = try #require(Shell("exec sleep 20"))
    defer { never.kill() }
    #expect(run("--fail-below 100 --wait 1", never.process).status == "1")
    let short = try #require(Shell("sleep 1; exit 0", ready: 0))
    let begun = Stopwatch.now
    #expect(run("--fail-below 100 --wait 60", short.process).status == "2")
    #expect(Stopwatch.now - begun < 60_000_000_000)
    #expect(run("--wait 1", never.process).status == "2")
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
    let findings = AuditCheck.all.map { $0.finding(ProcessEvidence(subject, receipt: nil)) }
    #expect(findings.filter { $0.verdict == .yes || $0.verdict == .no }.map(\.name) == [])
    #expect(throws: Complaint("\(process): the process has ended: \(Subject.why)")) {
      try Audit(of: subject, receipt: nil)
    }
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
    let text = audit.text(allowing: false)
    #expect(!text.contains("\u{1b}"))
    // Each has a line of its own.
    let remedies = audit.findings.count { $0.remedy != nil }
    #expect(text.split(separator: "\n").count == audit.findings.count + remedies + 2)
  }
}

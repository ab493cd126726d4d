@testable import Audit
import CLinux
import Glibc
import Testing
import Text

/// To add one: a row of `changes`: a command that changes a process, and the one check whose answer that changes.
@Suite("the audit's checks", .enabled(if: geteuid() == 0, "needs root"))
struct CheckTests {
  /// What is done to a process before it sleeps, and the one check whose answer that changes.
  static let changes: [(wrapper: String, check: String)] = [
    ("setpriv --no-new-privs", "no-new-privs"), ("unshare -n", "net-namespace"), ("unshare -i", "ipc-namespace"),
    ("unshare -u", "uts-namespace"), ("unshare -C", "cgroup-namespace"), ("unshare -m", "mount-namespace"),
    ("prlimit --core=0", "limit-core"), ("prlimit --nproc=0", "limit-nproc"),
    ("prlimit --fsize=1", "limit-fsize"), ("env -i", "environment"),
    ("setpriv --groups 5", "groups"), ("chrt --fifo 1", "real-time-scheduling"),
  ]

  private func findings(_ command: String) throws -> [String: AuditFinding] {
    let shell = try #require(Shell(command))
    defer { shell.kill() }
    let audit = try Audit.atQuietMoment(of: shell.process)
    return Dictionary(uniqueKeysWithValues: audit.findings.map { ($0.name, $0) })
  }

  private func verdicts(_ command: String) throws -> [String: AuditVerdict] {
    try findings(command).mapValues(\.verdict)
  }

  /// What every process of the tests starts from.
  private static let base =
    "exec 5</dev/zero 6<&5 7<&5 </dev/zero; exec prlimit --core=1:1 setpriv --regid=61009 --clear-groups"

  @Test("one change to a process changes the answer of one check", arguments: changes)
  func oneChange(_ change: (wrapper: String, check: String)) throws {
    let before = try findings("\(Self.base) sleep 20")
    let after = try findings("\(Self.base) \(change.wrapper) sleep 20")
    #expect(before.keys == after.keys)
    let changed = before.keys.filter { before[$0]?.verdict != after[$0]?.verdict }
    // A failure says what was seen.
    let words = changed.map { "\($0): \(before[$0]?.detail ?? ""); \(after[$0]?.detail ?? "")" }
    #expect(changed == [change.check], "\(words)")
  }

  @Test(
    "a limit on descriptors counts the numbers that are free below it", arguments: [(7, true), (8, true), (9, false)])
  func descriptorLimit(_ row: (limit: Int, isFull: Bool)) throws {
    let shell = try #require(
      Shell("exec bash -c 'exec 3</dev/zero 4<&3 5<&3 6<&3 7<&3 8<&- 9<&- 10<&- 20<&3; exec sleep 20'"))
    defer { shell.kill() }
    _ = Shell.output("prlimit --pid \(shell.process) --nofile=\(row.limit):\(row.limit)")
    #expect(try Findings(shell.process)["limit-nofile"] == (row.isFull ? .yes : .no))
  }

  @Test(
    "a limit that the process may raise is none",
    arguments: [("core", "0:20000"), ("nproc", "0:20000"), ("nofile", "4:20000"), ("fsize", "1:unlimited")])
  func softLimit(_ limit: (name: String, values: String)) throws {
    let verdicts = try verdicts("exec prlimit --\(limit.name)=\(limit.values) sleep 20")
    #expect(verdicts["limit-\(limit.name)"] == .no)
  }

  @Test("descriptor 0 and stray descriptors are told")
  func descriptors() throws {
    let plain = try verdicts("\(Self.base) sleep 20")
    #expect(plain["standard-descriptors"] == .no)
    #expect(try verdicts("exec </dev/null; exec sleep 20")["standard-descriptors"] == .yes)
    #expect(try verdicts("exec 9</dev/zero; exec sleep 20")["stray-descriptors"] == .no)
  }

  @Test("a process without a filter gets no point for one")
  func unfiltered() throws {
    let plain = try verdicts("\(Self.base) sleep 20")
    for name in ["few-system-calls", "arguments-pinned", "foreign-calls-refused", "seccomp-filter"]
    where plain["seccomp"] == .no {
      #expect(plain[name] == .no, "\(name)")
    }
  }

  @Test("there is no such process")
  func missing() {
    let words = "no such process: it has ended, or never was; docs/endings.md (Why did it end) helps to find the reason"
    #expect(throws: Complaint("99999999: \(words)")) { try Audit(of: 99_999_999, receipt: nil) }
  }
}

@testable import Audit
import Confinement
import Glibc
import Procfs
import Receipts
import Testing
import Text

/// What a no is followed by, and what a receipt may change of an answer.
///
/// To add one: a row of `remedies`: a check, what is known of why it says no, and words that its remedy has or hasn't.
@Suite("the audit's remedies", .serialized)
struct RemedyTests {
  private static func machine(_ flags: String, _ commandLine: String = "quiet") -> Mitigations {
    let files = ["/proc/cpuinfo": "processor\t: 0\n\(flags)\n", "/proc/cmdline": "\(commandLine)\n"]
    return Mitigations { path in files[path.shown].map { Text($0) } }
  }

  private static let whole = machine("flags\t: ssbd stibp")
  private static let bare = machine("flags\t: fpu hypervisor")
  private static let vmscape = ProcessorFlaw.all.filter { $0.name == "vmscape" || $0.name == "spectre_v2" }

  private static func tender(
    _ reason: String? = nil, isForeign: Bool = false, on machine: Mitigations = whole
  ) -> AuditCause {
    AuditCause(isTender: true, reason: reason, isForeignReceipt: isForeign, machine: machine, flaws: vmscape)
  }

  private static func program(isForeign: Bool = false, on machine: Mitigations = whole) -> AuditCause {
    AuditCause(isTender: false, isForeignReceipt: isForeign, machine: machine, flaws: vmscape)
  }

  struct Row: CustomTestStringConvertible, Sendable {
    let check: AuditCheck
    let cause: AuditCause
    let has: [String]
    var hasNot: [String] = []
    var testDescription: String { "\(check.name): \(has)" }
  }

  static let remedies: [Row] = [
    Row(
      check: .step(.user), cause: tender("not started as root: the launcher's ids and groups stay"),
      has: ["start it as root", "no other process has"], hasNot: ["ordinary user"]),
    Row(
      check: .step(.speculation), cause: tender(on: bare),
      has: ["virtual processor has no ssbd, nor stibp or ibpb", "hypervisor expose"], hasNot: ["boot"]),
    Row(check: .step(.speculation), cause: tender(on: machine("flags\t: ssbd")), has: ["no stibp or ibpb: the newest"]),
    Row(
      check: .step(.speculation), cause: tender(on: machine("flags\t: fpu", "ro mitigations=off")),
      has: ["boot without mitigations=off"], hasNot: ["hypervisor"]),
    Row(
      check: .step(.speculation), cause: tender(), has: ["boot with spec_store_bypass_disable=prctl"],
      hasNot: ["without mitigations=off"]),
    Row(
      check: .step(.speculation), cause: tender(on: machine("Features\t: fp asimd")), has: ["SSBS"],
      hasNot: ["mitigations=off", "ssbd"]),
    Row(
      check: .step(.speculation), cause: program(on: bare), has: ["prctl(PR_SET_SPECULATION_CTRL)", "no ssbd"],
      hasNot: ["boot"]),
    Row(check: .trait(.processorFlaws), cause: tender(), has: ["microcode"], hasNot: ["mitigations=off"]),
    Row(
      check: .trait(.processorFlaws), cause: program(on: machine("flags\t: fpu", "mitigations=off")),
      has: ["boot without mitigations=off"]),
    Row(
      check: .step(.receipt), cause: tender(isForeign: true), has: ["name this process's receipt"],
      hasNot: ["directory"]),
    Row(check: .step(.receipt), cause: program(isForeign: true), has: ["name this process's receipt"]),
    Row(check: .step(.receipt), cause: tender(), has: ["name the receipt that it wrote"], hasNot: ["directory"]),
    Row(
      check: .step(.fileSizeLimit), cause: tender("standard output or standard error is a regular file"),
      has: ["to a pipe or the journal"], hasNot: ["filter"]),
    Row(
      check: .step(.fileSizeLimit), cause: tender("prlimit64: Operation not permitted"), has: ["allow prlimit64"],
      hasNot: ["pipe"]),
    Row(check: .step(.fileSizeLimit), cause: tender(), has: ["to a pipe or the journal", "; or "]),
    Row(
      check: .step(.sessionKeyring), cause: tender("keyctl: Disk quota exceeded"), has: ["kernel.keys.maxkeys"],
      hasNot: ["filter"]),
    Row(
      check: .step(.sessionKeyring), cause: tender("keyctl: Function not implemented"), has: ["keyctl"],
      hasNot: ["maxkeys"]),
    Row(check: .step(.netNamespace), cause: tender(), has: ["--net-namespace=own"], hasNot: ["sysctl"]),
    Row(check: .step(.netNamespace), cause: tender("unshare: No space left on device"), has: ["max_net_namespaces"]),
    Row(check: .step(.filter), cause: program(), has: ["run the guest in brig-hvt"], hasNot: ["bpf"]),
    Row(check: .step(.filter), cause: tender(), has: ["brig-hvt"], hasNot: ["CONFIG_SECCOMP"]),
  ]

  @Test("fit the cause", arguments: remedies)
  func fits(_ row: Row) {
    let remedy = row.check.remedy(row.cause)
    for words in row.has { #expect(remedy.contains(words), "\(remedy)") }
    for words in row.hasNot { #expect(!remedy.contains(words), "\(remedy)") }
  }

  @Test("are there for each check, and name no switch that the machine wasn't booted with", arguments: AuditCheck.all)
  func each(_ check: AuditCheck) {
    for cause in [Self.tender(), Self.tender("so"), Self.program()] {
      let remedy = check.remedy(cause)
      #expect(!remedy.isEmpty && !remedy.contains("=off"), "\(remedy)")
    }
  }

  // MARK: What a receipt may change

  @Test("a receipt makes nothing worse that the kernel shows, and tells what it doesn't show")
  func words() throws {
    let no = ReceiptWord.unavailable("prctl: Invalid argument")
    let yes: Result<Detail, Doubt> = .success("seen")
    let words = try no.settled(yes, isConclusive: true).get()
    #expect(words.whole == "seen, though the receipt calls its own step unavailable: prctl: Invalid argument")
    for (word, seen, isConclusive) in [
      (no, yes, false), (no, .failure(.unseen("x")), true), (no, .failure(.refuted("x")), true),
      (.nothing, yes, true),
    ] as [(ReceiptWord, Result<Detail, Doubt>, Bool)] {
      guard case .failure(.refuted) = word.settled(seen, isConclusive: isConclusive) else {
        #expect(Bool(false), "\(word) \(seen)")
        continue
      }
    }
    #expect(ReceiptWord.applied.settled(.failure(.refuted("x")), isConclusive: true) == .failure(.refuted("x")))
  }

  @Test("what the kernel shows only in part is left to the receipt")
  func conclusive() {
    let inPart = AuditCheck.all.filter { !$0.question.isConclusive }.map(\.name).sorted()
    #expect(
      inPart == [
        "cgroup-namespace", "host-privileges", "ipc-namespace", "landlock", "memory-deny-write-execute",
        "mount-namespace", "net-namespace", "session-keyring", "shared-memory", "user-namespace", "uts-namespace",
      ])
  }

  @Test(
    "who shares no core with anybody needs no cookie",
    arguments: [
      ([(0, 7)], "1", AuditVerdict.yes), ([(0, 0)], "1", .no), ([(0, 0)], "0", .yes), ([(0, 7), (0, 0)], "1", .no),
      ([(EINVAL, 0)], "0", .yes), ([(EINVAL, 0)], "1", .no), ([(ENODEV, 0)], nil, .no), ([(EPERM, 0)], "1", .unseen),
      ([(EPERM, 0)], "0", .yes), ([], "1", .unseen),
    ] as [([(Int32, UInt64)], String?, AuditVerdict)])
  func cores(_ cookies: [(Int32, UInt64)], _ active: String?, _ verdict: AuditVerdict) {
    let answer = Result { () throws(Doubt) in
      try CoreScheduling.answer(cookies.map { (error: $0.0, cookie: $0.1) }, sharing: active.map { Text($0 + "\n") })
    }
    let found = AuditFinding(check: .step(.coreScheduling), cause: Self.tender(), weight: 1, answer: answer)
    #expect(found.verdict == verdict)
  }

  /// The findings of a sleep with a receipt of a test's own.
  private func findings(_ receipt: (_ process: Int32, _ start: UInt64) -> String) throws -> Audit {
    let shell = try #require(Shell("exec sleep 20"))
    defer { shell.kill() }
    let facts = receipt(shell.process, try Subject(shell.process).start)
    let text = "{ \"schema\": \"brig-receipt\", \"version\": 1, \"seccomp\": {}, \(facts) }"
    return try Audit(of: shell.process, receipt: ReceiptRecord(parsing: Array(text.utf8), path: "test"))
  }

  @Test("a step that the receipt calls unavailable is a yes all the same where it shows")
  func receipt() throws {
    let names = ["real-time-scheduling", "limit-fsize", "landlock", "uts-namespace"]
    let audit = try findings { process, start in
      let steps = names.map { "{ \"name\": \"\($0)\", \"state\": \"unavailable\", \"reason\": \"so\" }" }
      return "\"pid\": \(process), \"start_time\": \(start), \"steps\": [\(steps.joined(separator: ","))]"
    }
    let found = Findings(audit)
    #expect(found["real-time-scheduling"] == .yes)
    #expect(found.detail("real-time-scheduling").hasSuffix("unavailable: so"))
    for name in ["limit-fsize", "landlock", "uts-namespace"] { #expect(found[name] == .no, "\(name)") }
    #expect(found["oom-score"] == .no && found.detail("oom-score") == "the receipt doesn't have it")
  }

  @Test("another process's receipt is to be replaced, and what only a receipt tells isn't seen")
  func foreign() throws {
    let audit = try findings { process, _ in "\"pid\": \(process + 1), \"steps\": []" }
    let receipt = try #require(audit.findings.first { $0.name == "receipt" })
    #expect(receipt.verdict == .no && receipt.remedy == "name this process's receipt, or none")
    for name in ["landlock", "host-privileges", "session-keyring", "memory-deny-write-execute", "shared-memory"] {
      let found = try #require(audit.findings.first { $0.name == name })
      #expect(found.verdict == .unseen && found.detail.contains("the receipt is process "), "\(name): \(found.detail)")
    }
  }
}

@testable import Audit
import CLinux
import Confinement
import Glibc
import Receipts
import Testing

/// Tenders that leave out one step of their seal: the audit must name that step, and nothing else.
///
/// To add one: an `Omitted` in `all`: the step, what makes it matter, and the checks that fail besides its own.
@Suite(
  "the audit of a tender without one step", .serialized,
  .enabled(if: Bench.isPossible && Bench.hasPartial, "needs root, /dev/kvm, bin/brig-partial and the test guests"))
struct OmissionTests {
  /// What is left out, and how it shows.
  struct Omitted: CustomTestStringConvertible, Sendable {
    let step: Step
    /// What the launcher does, so that leaving the step out makes a difference.
    var wrapper = ""
    var options = ""
    /// Checks that fail with it, because they rest on it.
    var besides: [String] = []
    /// Whether `/proc` shows it to those without a receipt.
    var isSeen = true
    var testDescription: String { "\(step.description.name)" }
  }

  static let filterChecks = [
    "seccomp", "few-system-calls", "arguments-pinned", "foreign-calls-refused", "forbidden-calls-kill", "receipt",
  ]

  /// What no receipt tells of, nobody sees.
  static let onlyTold: Set<String> = ["receipt", "shared-memory"]

  static let all: [Omitted] = [
    Omitted(step: .standardDescriptors, wrapper: "</dev/zero"),
    Omitted(step: .strayDescriptors, wrapper: "9</dev/zero"),
    Omitted(step: .sessionKeyring, isSeen: false), Omitted(step: .sharedMemory, isSeen: false),
    Omitted(step: .user, besides: ["groups"]),
    Omitted(step: .hostPrivileges, isSeen: false),
    Omitted(step: .oomScore, isSeen: false),
    Omitted(step: .mountNamespace, options: "--confine=fallback", besides: ["empty-root"]),
    Omitted(step: .netNamespace),
    Omitted(step: .ipcNamespace, besides: ["shared-memory"]), Omitted(step: .utsNamespace),
    Omitted(step: .cgroupNamespace), Omitted(step: .nestedNamespaces, isSeen: false), Omitted(step: .emptyRoot),
    Omitted(step: .capabilities), Omitted(step: .dumpable),
    Omitted(step: .writeExecute, isSeen: false),
    Omitted(step: .landlock, isSeen: false), Omitted(step: .coreScheduling, isSeen: false),
    Omitted(step: .speculation, isSeen: false), Omitted(step: .memoryMerging, isSeen: false),
    Omitted(step: .coreLimit, wrapper: "prlimit --core=1:1"), Omitted(step: .processLimit),
    Omitted(step: .descriptorLimit), Omitted(step: .fileSizeLimit),
    Omitted(step: .signals, wrapper: "env --block-signal=USR1"),
    Omitted(step: .scheduling, wrapper: "chrt --rr 1"), Omitted(step: .memorySeal),
    Omitted(step: .pollDeadlines),
    Omitted(step: .filter, besides: filterChecks),
  ]

  /// What the audit says no to, with and without the receipt, what the receipt says that the machine can't give, and the
  /// audit's words for people who read a failure.
  private func refused(
    _ omitted: Omitted, partial: Bool
  ) throws -> (told: Set<String>, seen: Set<String>, lacking: Set<String>, words: [String]) {
    let directory = Shell.output("mktemp -d").filter { $0 != "\n" }
    defer { _ = Shell.output("rm -rf \(directory)") }
    let program = partial ? "\(directory)/without-\(omitted.step.description.name)" : "\(Bench.root)/bin/brig-hvt"
    if partial { unsafe symlink("\(Bench.root)/bin/brig-partial", program) }
    let redirected = omitted.wrapper.contains("<")
    let command = "\(redirected ? "" : omitted.wrapper) \(program) --mem=2 --receipt=\(directory)/receipt"
    let shell = try #require(
      Shell(
        tender: "exec \(redirected ? omitted.wrapper : "</dev/null"); exec setpriv --clear-groups \(command) "
          + "\(omitted.options) \(Bench.guest)",
        receipt: partial && omitted.step == .filter ? "\(directory)/receipt" : nil))
    defer { shell.kill() }
    let receipt = try ReceiptRecord(reading: "\(directory)/receipt")
    var words: [String] = []
    func refused(_ receipt: ReceiptRecord?) throws -> Set<String> {
      let findings = try Audit.atQuietMoment(of: shell.process, receipt: receipt).findings.filter { $0.verdict == .no }
      words += findings.map { "\($0.name): \($0.detail)" }
      return Set(findings.map(\.name))
    }
    return (try refused(receipt), try refused(nil), Bench.lacking(receipt), words)
  }

  @Test("names that step", arguments: all)
  func names(_ omitted: Omitted) throws {
    let step = "\(omitted.step.description.name)"
    let whole = try refused(omitted, partial: false)
    #expect(whole.told == whole.lacking, "the whole tender lacks something")
    #expect(whole.seen.isSubset(of: whole.lacking), "the whole tender lacks something")
    let partial = try refused(omitted, partial: true)
    let expected = Set([step] + omitted.besides)
    #expect(partial.told == whole.told.union(expected), "\(partial.words)")
    #expect(
      partial.seen == whole.seen.union(omitted.isSeen ? expected.subtracting(Self.onlyTold) : []), "\(partial.words)")
  }

  /// The user namespace owns the others; without no-new-privs nobody without a capability installs a filter.
  static let needed: [Step] = [.userNamespace, .noNewPrivileges]

  @Test("is refused by the kernel where other steps need that one", arguments: needed)
  func refuses(_ step: Step) throws {
    let directory = Shell.output("mktemp -d").filter { $0 != "\n" }
    defer { _ = Shell.output("rm -rf \(directory)") }
    let program = "\(directory)/without-\(step.description.name)"
    unsafe symlink("\(Bench.root)/bin/brig-partial", program)
    let output = Shell.output("timeout 20 \(program) --mem=2 \(Bench.guest) 2>&1; echo status $?")
    #expect(output.contains("cannot seal: ") && output.hasSuffix("status 1\n"))
  }

  @Test("is tried for every step but the machine itself and the receipt")
  func isWhole() {
    let tried = Set(Self.all.map(\.step) + Self.needed)
    #expect(Set(Step.allCases).subtracting(tried) == [.virtualMachine, .receipt])
  }
}

import ArgumentParser
import Audit
import Filters
import Glibc
import Host
import Policy
import Receipts
import Text

/// `brig audit`: what live processes lack of a sealed tender.
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Looks at live processes, tenders or any others, and says what they lack.",
    discussion: """
      As root it also reads the installed filter, and proves it equal to the policy for the process's devices. It names \
      what it may not see, which counts as missing in the score. Status: 0; 1 for a score below --fail-below, or a check \
      of --require that isn't yes; 2 for wrong input.
      """)

  @Argument(help: "The processes' ids.") var processes: [Int32] = []
  @Flag(help: "All tenders of this machine that /proc shows, by the name of their program.") var all = false
  @OptionGroup var output: OutputOptions
  @Option(help: "The receipt that the tender wrote; for one process.") var receipt: String?
  @Flag(help: "Leave out of the score what may not be seen.") var allowUnseen = false
  @Option(help: "The score, 0 to 100, under which the status is 1.") var failBelow: Int?
  @Option(help: "Look again, for so many seconds at most, while the status would not be 0; for one process.")
  var wait: UInt32?
  @Option(help: "A check without whose yes the status is 1; may be given again.") var require: [String] = []
  @Option(help: "A file that gets the installed program as raw BPF; for one process.") var dumpFilter: String?

  /// How wide the text is; nil where it goes to no terminal.
  private static var width: Int? { Terminal.width(1) }

  /// Whether there may be more than one process.
  private var isSeveral: Bool { all || processes.count > 1 }

  func validate() throws {
    if let failBelow, !(0...100).contains(failBelow) { throw ValidationError("--fail-below takes 0 to 100") }
    guard all != !processes.isEmpty else { throw ValidationError("name processes by their ids, or say --all") }
    guard receipt == nil || !isSeveral else { throw ValidationError("--receipt is of one process") }
    guard wait == nil || !isSeveral else { throw ValidationError("--wait is for one process") }
    guard wait == nil || failBelow != nil || !require.isEmpty else {
      throw ValidationError("--wait needs --fail-below or --require")
    }
    guard dumpFilter == nil || !isSeveral else { throw ValidationError("--dump-filter is of one process") }
    for name in require where !Audit.checks.contains(name) {
      throw ValidationError("--require \(name.shown): no check; they are \(Audit.checks.joined(separator: " "))")
    }
  }

  func run() throws {
    guard isSeveral else {
      let audit = try settled()
      if let dumpFilter { try Files.write(audit.installedProgram().bytes, to: dumpFilter) }
      try output.print(audit.text(allowing: allowUnseen, width: Self.width), json: audit.json(allowing: allowUnseen))
      try judge([audit]).exit()
    }
    let (audits, isWhole) = try audits()
    try output.print(
      audits.map { $0.text(allowing: allowUnseen, width: Self.width) }.joined(separator: "\n"),
      json: Audit.json(audits, allowing: allowUnseen))
    (isWhole ? try judge(audits) : .unanswered).exit()
  }

  /// The last look at one process: the first that passes, or one after the time that `--wait` gives.
  ///
  /// A process that is gone isn't waited for.
  private func settled() throws(Complaint) -> Audit {
    let end = Stopwatch.now + UInt64(wait ?? 0) * 1_000_000_000
    while true {
      let isLast = Stopwatch.now >= end || RunningTenders.isGone(processes[0])
      do throws(Complaint) {
        let audit = try look()
        if isLast || passes(audit) { return audit }
      } catch {
        // The receipt of a tender that isn't sealed yet is empty.
        if isLast { throw error }
      }
      usleep(20_000)
    }
  }

  private func look() throws(Complaint) -> Audit {
    let receipt = try receipt.map { path throws(Complaint) in
      // Who has the other end of a pipe may hold it back.
      try ReceiptRecord(reading: path, patience: 2000)
    }
    return try Audit(of: processes[0], receipt: receipt)
  }

  private func passes(_ audit: Audit) -> Bool {
    audit.score(allowing: allowUnseen) >= failBelow ?? 0 && audit.lacking(of: require).isEmpty
  }

  /// The audits of several processes, and whether each that was named could be looked at.
  private func audits() throws -> (audits: [Audit], isWhole: Bool) {
    var audits: [Audit] = []
    var isWhole = true
    let chosen = all ? try RunningTenders.all() : processes
    for (index, process) in chosen.enumerated() where !chosen[..<index].contains(process) {
      do throws(Complaint) {
        audits.append(try Audit(of: process, receipt: nil))
      } catch {
        // A tender that was found may end at any time.
        if all, RunningTenders.isGone(process) { continue }
        Files.complain("brig: \(error.message)\n")
        isWhole = false
      }
    }
    if all, audits.isEmpty, isWhole { throw Complaint("audit: no tender runs here that /proc shows") }
    return (audits, isWhole)
  }

  /// The status, with a line on standard error for each process that lacks a required check.
  private func judge(_ audits: [Audit]) throws -> ExitStatus {
    var isGood = true
    for audit in audits {
      let lacking = audit.lacking(of: require)
      if !lacking.isEmpty {
        Files.complain("brig: \(audit.process): required and not a yes: \(lacking.joined(separator: " "))\n")
      }
      let score = audit.score(allowing: allowUnseen)
      if let failBelow, score < failBelow {
        Files.complain("brig: \(audit.process): score \(score) is below \(failBelow)\n")
      }
      isGood = isGood && passes(audit)
    }
    return isGood ? .yes : .no
  }
}

import ArgumentParser
import Audit
import Glibc
import Host
import Receipts
import Text

/// `brig audit`: what a live process lacks of a sealed tender.
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Looks at a live process, a tender or any other, and says what it lacks.",
    discussion: """
      As root it also reads the installed filter, and proves it equal to the policy for the process's devices. It names \
      what it may not see, which counts as missing in the score. Status: 0, 1 for a score below --fail-below, 2 for wrong input.
      """)

  @Argument(help: "The process's id.") var process: Int32
  @Flag(help: "Print JSON instead of lines for people.") var json = false
  @Option(help: "The receipt that the tender wrote.") var receipt: String?
  @Flag(help: "Leave out of the score what may not be seen.") var allowUnseen = false
  @Option(help: "The score, 0 to 100, under which the status is 1.") var failBelow: Int?
  @Option(help: "Look again, for so many seconds at most, while the status would not be 0; needs --fail-below.")
  var wait: UInt32?

  func validate() throws {
    if let failBelow, !(0...100).contains(failBelow) { throw ValidationError("--fail-below takes 0 to 100") }
    if wait != nil, failBelow == nil { throw ValidationError("--wait needs --fail-below") }
  }

  func run() throws {
    let audit = try settled()
    if json {
      try Files.print(audit.json(allowing: allowUnseen).bytes)
    } else {
      try Files.print(audit.text(allowing: allowUnseen))
    }
    if !passes(audit) { ExitStatus.no.exit() }
  }

  private func passes(_ audit: Audit) -> Bool { audit.score(allowing: allowUnseen) >= failBelow ?? 0 }

  /// The last look at the process: the first that passes, or one after the time that `--wait` gives.
  ///
  /// A process that is gone isn't waited for.
  private func settled() throws(Complaint) -> Audit {
    let end = Stopwatch.now + UInt64(wait ?? 0) * 1_000_000_000
    while true {
      let isLast = Stopwatch.now >= end || (try? FileStatus(at: "/proc/\(process)")) == nil
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
    return try Audit(of: process, receipt: receipt)
  }
}

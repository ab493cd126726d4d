import ArgumentParser
import Audit
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

  func validate() throws {
    if let failBelow, !(0...100).contains(failBelow) { throw ValidationError("--fail-below takes 0 to 100") }
  }

  func run() throws {
    let receipt = try receipt.map { path throws(Complaint) in
      // Who has the other end of a pipe may hold it back.
      try ReceiptRecord(reading: path, patience: 2000)
    }
    let audit = try Audit(of: process, receipt: receipt)
    if json {
      try Files.print(audit.json(allowing: allowUnseen).bytes)
    } else {
      try Files.print(audit.text(allowing: allowUnseen))
    }
    if let failBelow, audit.score(allowing: allowUnseen) < failBelow { ExitStatus.no.exit() }
  }
}

import ArgumentParser
import Audit
import Glibc
import Host
import Text

/// `brig ps`: the tenders that run.
struct ProcessStatus: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ps", abstract: "Lists the tenders that run on this machine, and how far their seal was seen.",
    discussion: """
      Each row says proved: the installed filter was read and is the receipt's; claims: only the receipt says so; refuted: \
      the filter is another; not seen: no receipt is its own. Reading a filter needs root. \
      Status: 0, also where none runs; 1 where one is refuted; 2 for wrong input, and where one could not be looked at.
      """)

  @Argument(help: "Where receipts are, as NAME.json; /run/brig and for a user /run/user/UID/brig if not given.")
  var directory: [String] = []
  @OptionGroup var output: OutputOptions

  func run() throws {
    let usual = ["/run/brig"] + (geteuid() == 0 ? [] : ["/run/user/\(geteuid())/brig"])
    for directory in directory {
      if let reason = Files.refusal(directory, R_OK | X_OK) { throw Complaint("\(directory.shown): \(reason)") }
    }
    let table = try TenderTable(receiptsIn: directory.isEmpty ? usual : directory)
    try output.print(table.text, json: table.json)
    for complaint in table.complaints { Files.complain("brig: \(complaint.message)\n") }
    if !table.complaints.isEmpty { ExitStatus.unanswered.exit() }
    if table.rows.contains(where: { $0.sight == .refuted }) { ExitStatus.no.exit() }
  }
}

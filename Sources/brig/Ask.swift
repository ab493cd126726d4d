import ArgumentParser
import Host
import Receipts
import Review
import Text

/// `brig policy ask`: whether one call is allowed.
struct Ask: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says whether a system call is allowed, and by which rule or why not.",
    discussion: """
      The call is written as in C: 'write(STDOUT, memory+16, ...)'. An argument is a number, a name of the policy's, or _ \
      for one that is open; ... leaves open all that follow. Status: 0 allowed, with some values of what is open, 1 not, \
      2 wrong input.
      """)

  @Argument(help: "The call.") var call: String
  @OptionGroup var options: SelectionOptions
  @Option(help: "A tender's receipt, whose values are taken in place of a selection's.") var receipt: String?
  @OptionGroup var output: OutputOptions

  func run() throws {
    let (listing, subject) = try PolicyListing.of(options, receipt: receipt, command: "ask")
    let answer = try CallAnswer(
      to: CallQuestion(call, about: listing.launch), by: listing, subject: subject)
    try output.print(answer.text, json: answer.json)
    if answer.verdict == .notAllowed { ExitStatus.no.exit() }
  }
}

extension PolicyListing {
  /// The listing of a selection, or of a tender by its receipt; and its name.
  static func of(
    _ options: SelectionOptions, receipt: String?, command: String
  ) throws -> (listing: PolicyListing, name: String) {
    if let receipt {
      guard options.isEmpty else { throw Complaint("\(command): --receipt takes no selection") }
      return (try PolicyListing(of: ReceiptRecord(reading: receipt)), receipt)
    }
    let selection = try options.selection()
    return (try PolicyListing(selection.launch, selection: selection.short), selection.short)
  }
}

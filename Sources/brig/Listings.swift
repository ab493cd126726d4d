import ArgumentParser
import Host
import Review
import Text

/// `brig policy listings`: the reviewed listings of common selections.
struct Listings: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes the reviewed listings, or checks that they are up to date.",
    discussion: "Status: 0 as they should be, 1 refused, 2 where git can't tell what was before.")

  @Argument(
    help: """
      Where the listings are: security/filters if not given; with --check, where that isn't there, the installed ones.
      """)
  var directory: String?
  @Flag(help: "Write nothing; fail where a listing isn't what the policy says now.") var check = false
  @Option(help: "With --check: the git revision that a widening is measured from.") var base: String?
  @Flag(help: "With --check: hold every commit against those before it, as far as git has them.") var history = false
  @Option(help: "Why the filters may allow more than before.") var reason: String?
  @OptionGroup var output: OutputOptions

  /// Where the listings are: the installed ones are never written, and have no history.
  private func chosen() throws(Complaint) -> String {
    if let directory { return directory }
    guard check, base == nil, !history else { return ReviewedListings.directory }
    return try InstalledParts.shared(ReviewedListings.directory, "filters")
  }

  func run() throws {
    guard check || (base == nil && !history) else { throw Complaint("listings: --base and --history go with --check") }
    let directory = try chosen()
    let reason = reason.flatMap { $0.isEmpty ? nil : $0 }
    let outcome = try ListingsOutcome(
      of: directory, check ? .check(base: base, history: history) : .write(reason: reason))
    let written = outcome.files.filter { $0.update == .written }
    try output.print(written.map { "\(directory)/\($0.name): written\n" }.joined(), json: outcome.json)
    for (name, update) in outcome.files {
      if case .refused(let problem) = update { Files.complain("\(directory)/\(name): \(problem)") }
    }
    for problem in outcome.history?.problems ?? [] { Files.complain("\(directory)/\(problem)") }
    if outcome.history?.isWhole == false {
      Files.complain("\(directory): a shallow clone: nothing stands before its oldest commits to hold them against\n")
    }
    if !outcome.isGood { ExitStatus.no.exit() }
  }
}

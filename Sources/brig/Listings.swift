import ArgumentParser
import Host
import Review
import Text

/// `brig policy listings`: the reviewed listings of common selections.
struct Listings: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes the reviewed listings, or checks that they are up to date.",
    discussion: "Status: 0 as they should be, 1 refused, 2 where git can't tell what was before.")

  @Argument(help: "Where the listings are.") var directory = ReviewedListings.directory
  @Flag(help: "Write nothing; fail where a listing isn't what the policy says now.") var check = false
  @Option(help: "With --check: the git revision that a widening is measured from.") var base: String?
  @Flag(help: "With --check: hold every commit against those before it, as far as git has them.") var history = false
  @Option(help: "Why the filters may allow more than before.") var reason: String?

  func run() throws {
    guard check || (base == nil && !history) else { throw Complaint("listings: --base and --history go with --check") }
    var outcomes: [(name: String, outcome: ReviewedListings.Update)]
    if let base {
      outcomes = try ReviewedListings.check(directory, base: ReviewedListings.base(base, of: directory))
    } else if check {
      outcomes = try ReviewedListings.check(directory)
    } else {
      outcomes = try ReviewedListings.update(directory, reason: reason.flatMap { $0.isEmpty ? nil : $0 })
    }
    for index in outcomes.indices { outcomes[index].name += ".json" }
    outcomes.append((ArchitectureComparison.fileName, try ReviewedListings.compare(directory, check: check)))
    var isRefused = false
    for (name, outcome) in outcomes {
      switch outcome {
      case .same: continue
      case .written: try Files.print("\(directory)/\(name): written\n")
      case .refused(let problem):
        isRefused = true
        Files.complain("\(directory)/\(name): \(problem)")
      }
    }
    if history {
      var history = try ListingHistory(of: directory)
      for problem in try history.problems() {
        isRefused = true
        Files.complain("\(directory)/\(problem)")
      }
      if try !history.isWhole() {
        Files.complain("\(directory): a shallow clone: nothing stands before its oldest commits to hold them against\n")
      }
    }
    if isRefused { ExitStatus.no.exit() }
  }
}

import ArgumentParser
import Host
import Listing

/// `brig policy listings`: the reviewed listings of common selections.
struct Listings: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes the reviewed listings, or checks that they are up to date.",
    discussion: "Status: 0 as they should be, 1 refused.")

  @Argument(help: "Where the listings are.") var directory = "security/filters"
  @Flag(help: "Write nothing; fail where a listing isn't what the policy says now.") var check = false
  @Option(help: "With --check: the git revision that a widening is measured from.") var base: String?
  @Option(help: "Why the filters may allow more than before.") var reason: String?

  func run() throws {
    guard check || base == nil else { throw Complaint("listings: --base goes with --check") }
    let base = try base.map { name throws(Complaint) in try ReviewedListings.base(name) }
    var outcomes =
      check
      ? try ReviewedListings.check(directory) { base?($0) }
      : try ReviewedListings.update(directory, reason: reason.flatMap { $0.isEmpty ? nil : $0 })
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
    if isRefused { Process.exit(1) }
  }
}

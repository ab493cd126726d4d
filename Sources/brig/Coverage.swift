import ArgumentParser
import Host
import Review

/// `brig policy coverage`: which rules the integration tests needed.
struct Coverage: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tells which rule each recorded test used; only Brig's own tests make such records.",
    discussion: """
      Without a directory it prints the tests that rules name and that are to be recorded. Status: 0, or 1 for a call that \
      no rule allows, a rule that no test needs, and a test that is said to need a rule and doesn't.
      """)

  @Argument(help: "The records' directory, with TEST.N.json and TEST.N.trace for each tender of a test.")
  var directory: String?
  @OptionGroup var output: OutputOptions

  func run() throws {
    guard let directory else { return try output.print(RuleCoverage.list, json: RuleCoverage.listJSON) }
    let coverage = try RuleCoverage(reading: directory)
    try output.print(coverage.table(), json: coverage.json())
    let problems = try coverage.problems()
    for problem in problems { Files.complain("\(problem)\n") }
    if !problems.isEmpty { ExitStatus.no.exit() }
  }
}

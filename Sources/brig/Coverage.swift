import ArgumentParser
import Host
import Review

/// `brig policy coverage`: which rules the integration tests needed.
struct Coverage: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tells which rule each recorded test used; Tests/Coverage/record makes the records.",
    discussion: """
      Status: 0, or 1 for a call that no rule allows, a rule that no test needs, a test without a record, and one that \
      is said to need a rule and doesn't.
      """)

  @Argument(help: "The records' directory, with TEST.N.json and TEST.N.trace for each tender of a test.")
  var directory: String
  @Argument(help: "The tests that were recorded.") var tests: [String]

  func run() throws {
    let coverage = try RuleCoverage(reading: directory, tests: tests)
    try Files.print(coverage.table())
    let problems = try coverage.problems()
    for problem in problems { Files.complain("\(problem)\n") }
    if !problems.isEmpty { ExitStatus.no.exit() }
  }
}

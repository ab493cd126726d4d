import ArgumentParser
import Host
import Listing

/// `brig policy coverage`: which rules the integration tests needed.
struct Coverage: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tells which rule each recorded test used; Tests/Coverage/record makes the records.",
    discussion: "Status: 0, or 1 for a rule that no test needs or a call that no rule allows.")

  @Argument(help: "The records' directory, with TEST.N.json and TEST.N.trace for each tender of a test.")
  var directory: String
  @Argument(help: "The records, as TEST.N.") var records: [String]

  func run() throws {
    var coverage = RuleCoverage()
    for record in records {
      let test = record.split(separator: ".").dropLast().joined(separator: ".")
      let path = "\(directory)/\(record)"
      try coverage.add(
        test.isEmpty ? record : test, ReceiptRecord(reading: "\(path).json"), trace: Files.read("\(path).trace"))
    }
    try Files.print(coverage.table())
    for stray in coverage.strays { Files.complain("no rule allows \(stray)\n") }
    let missing = try coverage.missing()
    for rule in missing { Files.complain("no test needs the rule \(rule)\n") }
    if !missing.isEmpty || !coverage.strays.isEmpty { Process.exit(1) }
  }
}

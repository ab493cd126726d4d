import ArgumentParser
import Host
import Listing

/// `brig policy coverage`: which rules running guests needed.
struct Coverage: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tells which rule each recorded guest used; Tests/Coverage/record makes the records.",
    discussion: "Status: 0, or 1 for a rule that no guest needs or a call that no rule allows.")

  @Argument(help: "The records' directory, with NAME.json and NAME.trace for each name.") var directory: String
  @Argument(help: "The names.") var names: [String]

  func run() throws {
    var coverage = RuleCoverage()
    for name in names {
      let path = "\(directory)/\(name)"
      try coverage.add(name, ReceiptRecord(reading: "\(path).json"), trace: Files.read("\(path).trace"))
    }
    try Files.print(coverage.table())
    for stray in coverage.strays { Files.complain("no rule allows \(stray)\n") }
    let missing = try coverage.missing()
    for rule in missing { Files.complain("no guest needs the rule \(rule)\n") }
    if !missing.isEmpty || !coverage.strays.isEmpty { Process.exit(1) }
  }
}

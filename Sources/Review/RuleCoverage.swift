import Filters
import Host
import Policy
import Receipts
package import Text

/// Which rules the integration tests need, by records of their sealed tenders' system calls.
package struct RuleCoverage: Sendable {
  /// How often each test used each rule, by their names.
  private(set) var uses: [String: [String: Int]] = [:]
  /// Calls of sealed tenders that no rule allows.
  private(set) var strays: [String] = []

  /// The tests that rules name and that can be measured here.
  static let tests = Set(ReviewedRule.table.values.filter { $0.unreached == nil }.flatMap(\.tests)).sorted()

  init() {}

  /// Reads the records of the tests: `TEST.N.json`, a tender's receipt, and `TEST.N.trace`, what
  /// `Tests/Integration/helpers/record.c` wrote of it.
  ///
  /// A receipt without anything in it is that of a tender that was never sealed.
  package init(reading directory: String) throws(Complaint) {
    for name in try Files.names(in: directory) where name.hasSuffix(".json") {
      let parts = name.split(separator: ".")
      let path = "\(directory)/\(name.dropLast(5))"
      guard parts.count == 3, case let receipt = try Files.read("\(path).json"), !receipt.isEmpty else { continue }
      let trace = try Files.read("\(path).trace")
      try add(String(parts[0]), ReceiptRecord(parsing: receipt, path: "\(path).json"), trace: trace)
    }
  }

  /// Adds a tender's record to those of its test.
  ///
  /// - Parameters:
  ///   - name: the test's name.
  ///   - receipt: what the tender wrote.
  ///   - trace: a line `sealed`, and one for each call behind it: architecture, number and six arguments in hexadecimal
  ///     digits.
  /// - Throws: `Complaint` where the trace is none, or has no installation of a filter.
  mutating func add(_ name: String, _ receipt: ReceiptRecord, trace: [UInt8]) throws(Complaint) {
    let lines = String(decoding: trace, as: UTF8.self).split(separator: "\n")
    guard lines.first == "sealed" else { throw Complaint("\(name).trace: no filter was installed") }
    var launch = try receipt.launch()
    launch.architecture = try receipt.architecture()
    let policy = try launch.policy()
    var uses: [String: Int] = [:]
    for (index, line) in lines.enumerated().dropFirst() {
      let words = line.split(separator: " ").compactMap { UInt64($0, radix: 16) }
      guard words.count == 8 else { throw Complaint("\(name).trace:\(index + 1): not eight numbers") }
      var arguments = InlineArray<6, UInt64>(repeating: 0)
      for index in 0..<6 { arguments[index] = words[index + 2] }
      let rule = policy.rules.first {
        words[0] == UInt64(launch.architecture.rawValue)
          && words[1] == UInt64($0.call.number(on: launch.architecture)) && $0.admits(arguments)
      }
      if let rule { uses[String(rule.name), default: 0] += 1 } else { strays.append("\(name): \(line)") }
    }
    self.uses[name, default: [:]].merge(uses, uniquingKeysWith: +)
  }

  /// What is wrong, a sentence each: calls that no rule allows, rules that no test is named for, and tests that are
  /// named for a rule and weren't seen to use it.
  package func problems() throws(Complaint) -> [String] {
    var problems = strays.map { "no rule allows \($0)" }
    for rule in try Self.rules() where ReviewedRule.table[rule] == nil {
      problems.append("no test needs the rule \(rule)")
    }
    for (rule, notes) in ReviewedRule.table.sorted(by: { $0.key < $1.key }) where notes.unreached == nil {
      for test in notes.tests where uses[test]?[rule] == nil {
        let wrong = uses[test] == nil ? "no sealed tender was recorded" : "it wasn't seen to use it"
        problems.append("\(test): ReviewedRule says that this test needs the rule \(rule), and \(wrong)")
      }
    }
    return problems
  }

  /// A line for each test and a column for each rule, with how often it was used.
  package func table() throws(Complaint) -> String {
    let rules = try Self.rules()
    func line(_ name: String, _ cells: [String]) -> String {
      name.padded(to: 26) + zip(rules, cells).map { " " + $1.padded(to: max($0.count, 6)) }.joined() + "\n"
    }
    var text = line("test", rules)
    for (test, uses) in uses.sorted(by: { $0.key < $1.key }) {
      text += line(test, rules.map { uses[$0].map { "\($0)" } ?? "." })
    }
    for (rule, reason) in try Self.unreached() { text += "\(rule): not measured: \(reason)\n" }
    return text
  }

  /// The rules that can't be measured here, and why.
  static func unreached() throws(Complaint) -> [(rule: String, reason: String)] {
    try rules().compactMap { rule in ReviewedRule.table[rule]?.unreached.map { (rule, $0) } }
  }

  /// The rules that this architecture has, by name.
  private static func rules() throws(Complaint) -> [String] {
    try Selection(short: "block+net")?.launch.policy().rules.map { String($0.name) } ?? []
  }
}

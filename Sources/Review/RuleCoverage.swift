import Filters
import Host
import Policy
package import Receipts
package import Text

/// Which rules the integration tests need, by records of their sealed tenders' system calls.
package struct RuleCoverage: Sendable {
  /// What each test used: how often each rule, by name.
  package private(set) var runs: [(name: String, uses: [String: Int])] = []
  /// Calls of sealed tenders that no rule allows.
  package private(set) var strays: [String] = []
  /// Tests of which there is no record of a sealed tender.
  package private(set) var unrecorded: [String] = []

  package init() {}

  /// Reads the records of tests: `TEST.N.json`, a tender's receipt, and `TEST.N.trace`, what
  /// `Tests/Integration/helpers/record.c` wrote of it.
  ///
  /// A receipt without anything in it is that of a tender that was never sealed.
  package init(reading directory: String, tests: [String]) throws(Complaint) {
    let names = try Files.names(in: directory)
    for test in tests {
      let records = names.filter { name in
        name.hasPrefix("\(test).") && name.hasSuffix(".json")
          && name.dropFirst(test.count + 1).dropLast(5).allSatisfy(\.isNumber)
      }
      for record in records {
        let path = "\(directory)/\(record)"
        let receipt = try Files.read(path)
        guard !receipt.isEmpty else { continue }
        let trace = try Files.read("\(path.dropLast(5)).trace")
        try add(test, ReceiptRecord(parsing: receipt, path: path), trace: trace)
      }
      if !runs.contains(where: { $0.name == test }) { unrecorded.append(test) }
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
  package mutating func add(_ name: String, _ receipt: ReceiptRecord, trace: [UInt8]) throws(Complaint) {
    let lines = String(decoding: trace, as: UTF8.self).split(separator: "\n")
    guard lines.first == "sealed" else { throw Complaint("\(name).trace: no filter was installed") }
    var launch = try receipt.launch()
    var uses: [String: Int] = [:]
    var policy: Policy?
    for (index, line) in lines.enumerated().dropFirst() {
      let words = line.split(separator: " ").compactMap { UInt64($0, radix: 16) }
      guard words.count == 8, let word = UInt32(exactly: words[0]) else {
        throw Complaint("\(name).trace:\(index + 1): not eight numbers")
      }
      // The receipt doesn't name the architecture; the calls do, and those of another are nobody's.
      if policy == nil {
        launch.architecture = Architecture(rawValue: word) ?? launch.architecture
        policy = try launch.policy()
      }
      var arguments = InlineArray<6, UInt64>(repeating: 0)
      for index in 0..<6 { arguments[index] = words[index + 2] }
      let rule = policy?.rules.first {
        word == launch.architecture.rawValue && UInt64($0.call.number(on: launch.architecture)) == words[1]
          && $0.admits(arguments)
      }
      if let rule { uses[String(rule.name), default: 0] += 1 } else { strays.append("\(name): \(line)") }
    }
    if let index = runs.firstIndex(where: { $0.name == name }) {
      runs[index].uses.merge(uses, uniquingKeysWith: +)
    } else {
      runs.append((name, uses))
    }
  }

  /// The rules that this architecture has and that no run used, but for those of which it is known why.
  package func missing() throws(Complaint) -> [String] {
    guard let policy = try Selection(short: "block+net")?.launch.policy() else { return [] }
    return policy.rules.map { String($0.name) }.filter { name in
      ReviewedRule.table[name]?.unreached == nil && !runs.contains { $0.uses[name] != nil }
    }
  }

  /// What is wrong, a sentence each: calls that no rule allows, tests without a record, rules that no test needs, and tests
  /// that are said to need a rule and don't.
  package func problems() throws(Complaint) -> [String] {
    var problems = strays.map { "no rule allows \($0)" }
    problems += unrecorded.map { "\($0): no sealed tender of this test was recorded" }
    problems += try missing().map { "no test needs the rule \($0)" }
    for (rule, notes) in ReviewedRule.table.sorted(by: { $0.key < $1.key }) where notes.unreached == nil {
      for test in notes.tests where !runs.contains(where: { $0.name == test && $0.uses[rule] != nil }) {
        problems.append("\(test): by ReviewedRule this test needs the rule \(rule), and it wasn't seen to use it")
      }
    }
    return problems
  }

  /// A line for each test and a column for each rule, with how often it was used.
  package func table() throws(Complaint) -> String {
    guard let policy = try Selection(short: "block+net")?.launch.policy() else { return "" }
    let rules = policy.rules.map { String($0.name) }
    func line(_ name: String, _ cells: [String]) -> String {
      name.padded(to: 26) + zip(rules, cells).map { " " + $1.padded(to: max($0.count, 6)) }.joined() + "\n"
    }
    var text = line("test", rules)
    for run in runs { text += line(run.name, rules.map { run.uses[$0].map { "\($0)" } ?? "." }) }
    text += line("all", rules.map { rule in "\(runs.reduce(0) { $0 + ($1.uses[rule] ?? 0) })" })
    for rule in rules where !runs.contains(where: { $0.uses[rule] != nil }) {
      text += "\(rule): " + (ReviewedRule.table[rule]?.unreached.map { "not used: \($0)" } ?? "NO TEST NEEDS IT") + "\n"
    }
    return text
  }
}

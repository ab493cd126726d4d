import Policy

/// Which rules the integration tests need, by records that a tracer made of their sealed tenders.
package struct RuleCoverage: Sendable {
  /// What each test used: how often each rule, by name.
  package private(set) var runs: [(name: String, uses: [String: Int])] = []
  /// Calls of sealed tenders that no rule allows.
  package private(set) var strays: [String] = []

  package init() {}

  /// Adds a tender's record to those of its test.
  ///
  /// - Parameters:
  ///   - name: the test's name.
  ///   - receipt: what the tender wrote.
  ///   - trace: what `strace -f -e raw=all` wrote of it; counted is what follows the filter's installation.
  /// - Throws: `Complaint` where the trace has no installation of a filter.
  package mutating func add(_ name: String, _ receipt: ReceiptRecord, trace: [UInt8]) throws(Complaint) {
    let policy = try receipt.launch().policy()
    var uses: [String: Int] = [:]
    var isSealed = false
    for line in String(decoding: trace, as: UTF8.self).split(separator: "\n") {
      guard let (call, arguments) = Self.call(line) else { continue }
      guard isSealed else {
        // The tender asks first whether it is the kernel that answers; only success installs a filter.
        isSealed = call == "seccomp" && line.hasSuffix("= 0")
        continue
      }
      var request = InlineArray<6, UInt64>(repeating: 0)
      for (index, argument) in arguments.prefix(6).enumerated() { request[index] = argument }
      if let rule = policy.rules.first(where: { "\($0.call.row.name)" == call && $0.admits(request) }) {
        uses[String(rule.name), default: 0] += 1
      } else {
        strays.append("\(name): \(line)")
      }
    }
    guard isSealed else { throw Complaint("\(name).trace: no filter was installed") }
    if let index = runs.firstIndex(where: { $0.name == name }) {
      runs[index].uses.merge(uses, uniquingKeysWith: +)
    } else {
      runs.append((name, uses))
    }
  }

  /// The name and the arguments of a call in a line of the trace, or nil for another line.
  private static func call(_ line: Substring) -> (String, [UInt64])? {
    let rest = line.drop { $0.isNumber }.drop { $0 == " " }
    guard let open = rest.firstIndex(of: "("), !rest.hasPrefix("<"), !rest.hasPrefix("+"), !rest.hasPrefix("-") else {
      return nil
    }
    let arguments = rest[rest.index(after: open)...].prefix { $0 != ")" && $0 != "<" }
    return (
      String(rest[..<open]),
      arguments.split(separator: ",").compactMap { word in
        let word = word.trimmedBlanks
        return word.hasPrefix("0x") ? UInt64(word.dropFirst(2), radix: 16) : UInt64(word)
      }
    )
  }

  /// The rules that this architecture has and that no run used, but for those of which it is known why.
  package func missing() throws(Complaint) -> [String] {
    guard let policy = try Selection(short: "block+net")?.launch.policy() else { return [] }
    return policy.rules.map { String($0.name) }.filter { name in
      RuleNotes.table[name]?.unreached == nil && !runs.contains { $0.uses[name] != nil }
    }
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
      text += "\(rule): " + (RuleNotes.table[rule]?.unreached.map { "not used: \($0)" } ?? "NO TEST NEEDS IT") + "\n"
    }
    return text
  }
}

extension Substring {
  /// The text without blanks at its ends.
  fileprivate var trimmedBlanks: Substring {
    var text = drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return text
  }
}

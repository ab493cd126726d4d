import Policy

/// Which rules running guests needed, by records that a tracer made of sealed tenders.
package struct RuleCoverage: Sendable {
  /// What one run used: how often each rule, by name.
  package private(set) var runs: [(name: String, uses: [String: Int])] = []
  /// Calls of sealed tenders that no rule allows.
  package private(set) var strays: [String] = []

  package init() {}

  /// Adds a run.
  ///
  /// - Parameters:
  ///   - name: the guest's name.
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
    runs.append((name, uses))
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

  /// Rules by runs, with how often each was used.
  package func table() throws(Complaint) -> String {
    guard let policy = try Selection(short: "block+net")?.launch.policy() else { return "" }
    var text = "rule".padded(to: 16) + runs.map { " " + $0.name.padded(to: 9) }.joined() + "\n"
    for rule in policy.rules {
      let name = String(rule.name)
      text += name.padded(to: 16)
      text += runs.map { " " + ($0.uses[name].map { "\($0)" } ?? ".").padded(to: 9) }.joined()
      if !runs.contains(where: { $0.uses[name] != nil }) {
        text += "  " + (RuleNotes.table[name]?.unreached.map { "not used: \($0)" } ?? "NO GUEST NEEDS IT")
      }
      text += "\n"
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

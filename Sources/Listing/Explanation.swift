import Policy

/// What is said of a system call, a hypercall or a rule.
package struct Explanation: Sendable {
  /// The text for people.
  package let text: String

  /// Explains every rule that a word names.
  ///
  /// - Throws: `Complaint` with the words there are, for one that names nothing.
  package init(of word: String) throws(Complaint) {
    var rules: [(rule: Rule, launch: Launch, architectures: [Architecture])] = []
    for architecture in Architecture.allCases {
      guard let selection = Selection(short: "block+net@\(architecture.name)") else { continue }
      let launch = selection.launch
      for rule in try launch.policy().rules {
        if let index = rules.firstIndex(where: { $0.rule.name == rule.name }) {
          rules[index].architectures.append(architecture)
        } else {
          rules.append((rule, launch, [architecture]))
        }
      }
    }
    let found = rules.filter { entry in
      let names = [String(entry.rule.name), String(entry.rule.hypercall), "\(entry.rule.call.row.name)"]
      return names.contains { $0 == word || $0 == word.uppercased() }
    }
    guard !found.isEmpty else {
      func list(_ names: [String]) -> String { Set(names).sorted().joined(separator: " ") }
      throw Complaint(
        """
        \(word): no rule, hypercall or allowed system call; rules: \(list(rules.map { String($0.rule.name) })); \
        hypercalls: \(list(rules.map { String($0.rule.hypercall) })); calls: \(list(rules.map { "\($0.rule.call.row.name)" }))
        """)
    }
    text = found.map { Self.paragraph($0.rule, $0.launch, $0.architectures) }.joined(separator: "\n")
  }

  private static func paragraph(_ rule: Rule, _ launch: Launch, _ architectures: [Architecture]) -> String {
    let numbers = architectures.map { "\(rule.call.number(on: $0)) on \($0.name)" }.joined(separator: ", ")
    var text = "rule \(rule.name.shown): \(rule.call.row.name) (\(numbers)), for \(rule.hypercall.shown)\n"
    text += "  where: policies/\(rule.file):\(rule.position.line)\n"
    text += "  why:\n" + PolicyListing.wrapped(String(rule.why), width: 100, indent: "    ")
    text += "  arguments, for one disk and one network interface:\n"
    for (index, condition) in rule.conditions.enumerated() {
      let name = rule.call.row.arguments[index]
      text += "    \("\(name)".padded(to: 12))\(launch.words(condition, of: name)); admits \(condition.count)\n"
    }
    guard let notes = RuleNotes.table[String(rule.name)] else { return text }
    text += "  what an attacker who runs code in the tender can do with it:\n"
    text += PolicyListing.wrapped(notes.attacker, width: 100, indent: "    ")
    text += "  integration tests that need it: \(notes.tests.joined(separator: ", "))"
    if let unreached = notes.unreached { text += " (not measured here: \(unreached))" }
    return text + "\n"
  }
}

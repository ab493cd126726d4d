import Filters
import Policy
package import Text

/// The explanation of a system call, a hypercall or a rule.
package struct Explanation: Sendable {
  /// The text for people.
  package let text: String

  /// Explains every rule that a word names.
  ///
  /// - Throws: `Complaint` with the known words, if the word names nothing.
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
    if found.isEmpty, let refusal = Self.refusal(of: word) {
      text = refusal
      return
    }
    guard !found.isEmpty else {
      func list(_ names: [String]) -> String { Set(names).sorted().joined(separator: " ") }
      throw Complaint(
        """
        \(word): no rule, hypercall or system call; rules: \(list(rules.map { String($0.rule.name) })); \
        hypercalls: \(list(rules.map { String($0.rule.hypercall) })); calls: \(list(rules.map { "\($0.rule.call.row.name)" }))
        """)
    }
    text = found.map { Self.paragraph($0.rule, $0.launch, $0.architectures) }.joined(separator: "\n")
  }

  /// What happens to a system call that no policy allows; nil for a word that isn't a system call's name.
  private static func refusal(of word: String) -> String? {
    let numbers = Architecture.allCases.compactMap { architecture in
      Numbers.all(on: architecture).first { $0.name == word }.map { (architecture, $0.number) }
    }
    guard !numbers.isEmpty else { return nil }
    let places = numbers.map { "\($1) on \($0.name)" }.joined(separator: ", ")
    var text = "\(word) (\(places)): no policy allows it, whatever the devices\n"
    text += "  with --seccomp=kill: the kernel ends the tender by SIGSYS before the call is made\n"
    let isFatal = numbers.contains { $0.fatalNumber == $1 }
    text +=
      isFatal
      ? "  with --seccomp=report: the same, because the handler of other calls ends the tender by this one\n"
      : "  with --seccomp=report: SIGSYS instead; its handler names the call and its arguments, and ends the tender\n"
    for (architecture, number) in numbers where Numbers.isUnasked(number, on: architecture) {
      text += "  newer kernels ask no filter about it on \(architecture.name), and refuse it by themselves\n"
    }
    return text
  }

  private static func paragraph(_ rule: Rule, _ launch: Launch, _ architectures: [Architecture]) -> String {
    let numbers = architectures.map { "\(rule.call.number(on: $0)) on \($0.name)" }.joined(separator: ", ")
    var text = "rule \(rule.name.shown): \(rule.call.row.name) (\(numbers)), for \(rule.hypercall.shown)\n"
    text += "  where: policies/\(rule.file):\(rule.position.line)\n"
    text += "  why:\n" + String(rule.why).lines(width: 96).map { "    \($0)\n" }.joined()
    text += "  arguments, for one disk and one network interface:\n"
    for (index, condition) in rule.conditions.enumerated() {
      let name = rule.call.row.arguments[index]
      text += "    \("\(name)".padded(to: 12))\(launch.words(condition, of: name)); admits \(condition.count)\n"
    }
    guard let notes = ReviewedRule.table[String(rule.name)] else { return text }
    text += "  what an attacker who runs code in the tender can do with it:\n"
    text += notes.attacker.lines(width: 96).map { "    \($0)\n" }.joined()
    text += "  integration tests that need it: \(notes.tests.joined(separator: ", "))"
    if let unreached = notes.unreached { text += " (not measured here: \(unreached))" }
    return text + "\n"
  }
}

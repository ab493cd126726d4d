import CLinux
import Filters
package import Policy
package import Text

/// The explanation of a system call, a hypercall or a rule.
package struct Explanation: Sendable {
  /// A rule, with the architectures that have it.
  private struct Explained: Sendable {
    let rule: Rule
    /// One disk and one network interface, on the first of the architectures.
    let launch: Launch
    var architectures: [Architecture]

    var notes: ReviewedRule? { ReviewedRule.table[String(rule.name)] }
    var names: [String] { [String(rule.name), String(rule.hypercall), "\(rule.call.row.name)"] }
  }

  /// A system call that no policy allows, on one architecture.
  private struct Forbidden: Sendable {
    let architecture: Architecture
    let number: UInt32

    /// Whether it ends the tender with `--seccomp=report` too, where the handler of other calls ends it by this one.
    var isFatal: Bool { architecture.fatalNumber == number }
    /// Whether newer kernels ask no filter about it.
    var isUnasked: Bool { Numbers.isUnasked(number, on: architecture) }
  }

  private let word: String
  private let rules: [Explained]
  /// The call where the word names one that no rule allows.
  private let forbidden: [Forbidden]

  /// Explains every rule that a word names.
  ///
  /// - Parameters:
  ///   - word: a system call by name or number, a hypercall or a rule.
  ///   - architecture: whose system call has the number.
  /// - Throws: `Complaint` with the known words, if the word names nothing.
  package init(of word: String, on architecture: Architecture = .native) throws(Complaint) {
    var word = word
    if let number = UInt32(word) {
      guard let name = Numbers.name(of: number, on: architecture) else {
        throw Complaint("\(word): no system call of \(architecture.name) has this number")
      }
      word = name
    }
    var all: [Explained] = []
    for architecture in Architecture.allCases {
      guard let selection = Selection(short: "block+net@\(architecture.name)") else { continue }
      let launch = selection.launch
      for rule in try launch.policy().rules {
        if let index = all.firstIndex(where: { $0.rule.name == rule.name }) {
          all[index].architectures.append(architecture)
        } else {
          all.append(Explained(rule: rule, launch: launch, architectures: [architecture]))
        }
      }
    }
    let found = all.filter { $0.names.contains(word) || $0.names.contains(word.uppercased()) }
    let numbers = Architecture.allCases.compactMap { architecture in
      Numbers.all(on: architecture).first { $0.name == word }.map {
        Forbidden(architecture: architecture, number: $0.number)
      }
    }
    guard !found.isEmpty || !numbers.isEmpty else {
      func list(_ index: Int) -> String { Set(all.map { $0.names[index] }).sorted().joined(separator: " ") }
      throw Complaint(
        "\(word): no rule, hypercall or system call; rules: \(list(0)); hypercalls: \(list(1)); calls: \(list(2))")
    }
    self.word = word
    rules = found
    forbidden = found.isEmpty ? numbers : []
  }
}

// MARK: - For people

extension Explanation {
  /// The text for people.
  package var text: String { forbidden.isEmpty ? rules.map(paragraph).joined(separator: "\n") : refusal }

  /// What happens to a system call that no policy allows.
  private var refusal: String {
    let places = forbidden.map { "\($0.number) on \($0.architecture.name)" }.joined(separator: ", ")
    var text = "\(word) (\(places)): no policy allows it, whatever the devices\n"
    // A name is another architecture's call, too, and that may be asked about.
    let condition = forbidden.contains(where: \.isUnasked) ? ", where the kernel asks the filter" : ""
    text += "  with --seccomp=kill: the kernel ends the tender by SIGSYS before the call is made\(condition)\n"
    text +=
      forbidden.contains(where: \.isFatal)
      ? "  with --seccomp=report: the same, because the handler of other calls ends the tender by this one\n"
      : "  with --seccomp=report: SIGSYS instead; its handler names the call and its arguments, and ends the tender\(condition)\n"
    for call in forbidden {
      guard let other = Numbers.unasked(call.number, on: call.architecture) else { continue }
      text += "  newer kernels ask no filter about it on \(call.architecture.name), and \(other)\n"
    }
    return text
  }

  private func paragraph(_ entry: Explained) -> String {
    let (rule, launch) = (entry.rule, entry.launch)
    let numbers = entry.architectures.map { "\(rule.call.number(on: $0)) on \($0.name)" }.joined(separator: ", ")
    var text = "rule \(rule.name.shown): \(rule.call.row.name) (\(numbers)), for \(rule.hypercall.shown)\n"
    text += "  where: policies/\(rule.file):\(rule.position.line)\n"
    text += "  why:\n" + "    \(String(rule.why).wrapped(to: 100, behind: 4))\n"
    text += "  arguments, for one disk and one network interface:\n"
    for (index, condition) in rule.conditions.enumerated() {
      let name = rule.call.row.arguments[index]
      text += "    \("\(name)".padded(to: 12))\(launch.words(condition, of: name)); admits \(condition.count)\n"
    }
    guard let notes = entry.notes else { return text }
    text += "  what an attacker who runs code in the tender can do with it:\n"
    text += "    \(notes.attacker.wrapped(to: 100, behind: 4))\n"
    text += "  integration tests that need it: \(notes.tests.joined(separator: ", "))"
    if let unreached = notes.unreached { text += " (not measured here: \(unreached))" }
    return text + "\n"
  }
}

// MARK: - For programs

extension Explanation {
  /// The explanation as JSON; `docs/policy.md` describes it.
  package var json: Text {
    JSON.document(.policyExplanation) { json in
      json.string("word", Text(word))
      json.array("rules") { json in for entry in rules { write(entry, &json) } }
      json.array("forbidden") { json in
        for call in forbidden {
          json.object(compact: true) { json in
            json.string("architecture", "\(call.architecture.name)")
            json.number("number", call.number)
            json.boolean("reported", !call.isFatal)
            json.boolean("asked_by_all_kernels", !call.isUnasked)
          }
        }
      }
    }
  }

  private func write(_ entry: Explained, _ json: inout JSON) {
    let rule = entry.rule
    json.object { json in
      rule.writePlace(to: &json)
      json.string("syscall", "\(rule.call.row.name)")
      json.array("numbers") { json in
        for architecture in entry.architectures {
          json.object(compact: true) { json in
            json.string("architecture", "\(architecture.name)")
            json.number("number", rule.call.number(on: architecture))
          }
        }
      }
      json.string("why", rule.why)
      entry.launch.writeArguments(of: rule, to: &json)
      guard let notes = entry.notes else { return }
      json.string("attacker", Text(notes.attacker))
      json.array("tests", compact: true) { json in for test in notes.tests { json.string(nil, Text(test)) } }
      if let unreached = notes.unreached { json.string("not_measured", Text(unreached)) }
    }
  }
}

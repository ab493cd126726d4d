import Policy
import Text

/// What is wrong or superfluous in the policy files.
package struct Lint: Sendable {
  /// One sentence each, with its place.
  package private(set) var findings: [String] = []

  /// Reads the files of a directory, and checks each by itself and all together.
  ///
  /// The language refuses by itself a rule without a reason, an argument without a condition or with more values than
  /// stated, and a shape that isn't proved; here these become findings, beside what no single file can tell.
  ///
  /// - Throws: `Complaint` for a file that can't be read.
  package init(of directory: String) throws(Complaint) {
    var files: [(module: Module, file: PolicyFile)] = []
    var words: [String: Int] = [:]
    for module in Module.allCases {
      let source = module.source
      let bytes = try Files.read("\(directory)/\(source.name)")
      for word in Self.words(of: bytes) { words[word, default: 0] += 1 }
      do throws(PolicyError) {
        files.append((module, try PolicyFile(Source(name: source.name, bytes: bytes))))
      } catch {
        findings.append("\(directory)/\(String(error.message))")
      }
    }
    try checkConstants(directory, words)
    guard files.count == Module.allCases.count else { return }
    checkRules(directory, files)
  }

  /// The words of a file outside comments and of reasons.
  private static func words(of bytes: [UInt8]) -> [String] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") && !$0.hasPrefix("@why") }
      .flatMap { $0.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init) }
  }

  private mutating func checkConstants(_ directory: String, _ words: [String: Int]) throws(Complaint) {
    let path = "\(directory)/\(Source.constants.name)"
    let text = String(decoding: try Files.read(path), as: UTF8.self)
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let parts = line.split(separator: " ")
      guard parts.count > 1, parts[0] == "const" else { continue }
      if words[String(parts[1])] == nil {
        findings.append("\(path):\(index + 1):7: no rule uses the constant `\(parts[1])`")
      }
    }
  }

  private mutating func checkRules(_ directory: String, _ files: [(module: Module, file: PolicyFile)]) {
    // Every rule that some launch can have, by architecture.
    var reachable: Set<String> = []
    for architecture in Architecture.allCases {
      guard let launch = Selection(short: "block+net@\(architecture.name)")?.launch else { continue }
      do throws(PolicyError) {
        let enabled = launch.modules.compactMap { entry in
          files.first { $0.module == entry.module }.map { (file: $0.file, bindings: entry.bindings) }
        }
        let policy = try Policy(files: enabled, common: launch.bindings, architecture: architecture)
        reachable.formUnion(policy.rules.map { String($0.name) })
        check(policy, directory)
      } catch {
        let finding = "\(directory)/\(String(error.message))"
        if !findings.contains(finding) { findings.append(finding) }
      }
    }
    for name in RuleNotes.table.keys.sorted() where !reachable.contains(name) {
      findings.append("\(directory): no launch has the rule `\(name)`, of which RuleNotes speaks")
    }
  }

  private mutating func check(_ policy: Policy, _ directory: String) {
    for (index, rule) in policy.rules.enumerated() {
      let place = "\(directory)/\(rule.file):\(rule.position.line):\(rule.position.column)"
      func add(_ finding: String) { if !findings.contains(finding) { findings.append(finding) } }
      let notes = RuleNotes.table[String(rule.name)]
      if notes == nil {
        add("\(place): nothing is known of what an attacker can do with `\(rule.name.shown)`: write it into RuleNotes")
      }
      if let notes, notes.guests.isEmpty { add("\(place): no guest exercises `\(rule.name.shown)`") }
      if rule.why.bytes.count < 10 { add("\(place): `\(rule.name.shown)` hardly gives a reason") }
      var diagram = Diagram()
      let alone = diagram.add(Policy(unchecked: [rule], architecture: policy.architecture, mode: .kill))
      var others = policy.rules
      others.remove(at: index)
      let rest = diagram.add(Policy(unchecked: others, architecture: policy.architecture, mode: .kill))
      let own = try? diagram.combine(alone, rest) { $0 == Action.allow.rawValue && $1 != Action.allow.rawValue ? 1 : 0 }
      if let own, !diagram.values(of: own).contains(1) {
        add("\(place): `\(rule.name.shown)` allows nothing that no other rule allows")
      }
    }
  }
}

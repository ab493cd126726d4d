import ABI
import Filters
import Host
import Policy
package import Text

/// What is wrong or superfluous in the policy files.
package struct Lint: Sendable {
  package private(set) var findings: [LintFinding] = []
  private let directory: String
  private var files: [(module: Module, file: PolicyFile)] = []

  /// Reads the files of a directory, and checks each by itself and all together.
  ///
  /// The language itself refuses a rule without a reason, an argument without a condition or with more values than
  /// stated, and a shape that isn't proved. Findings are what no single file can tell: what is superfluous, what makes
  /// no sense, and what grants more than was reviewed.
  ///
  /// - Throws: `Complaint` for a file that can't be read, isn't in the language, or belongs to no module.
  package init(of directory: String) throws(Complaint) {
    self.directory = directory
    let known = [Source.constants.name] + Module.allCases.map(\.source.name)
    for name in try Files.names(in: directory) where name.hasSuffix(".policy") {
      guard known.contains(where: { "\($0)" == name }) else {
        throw Complaint("\(directory)/\(name): no module has this name: remove the file, or add the module")
      }
    }
    let shared = try Self.source(Source.constants.name, directory)
    let sources = try Module.allCases.map { module throws(Complaint) in
      (module, try Self.source(module.source.name, directory))
    }
    let constants: [Constant]
    do throws(PolicyError) {
      constants = try PolicyFile.constants(in: shared)
      for (module, source) in sources { files.append((module, try PolicyFile(source, including: shared))) }
    } catch {
      throw Complaint("\(directory)/\(String(error.message))")
    }
    checkConstants(constants)
    checkNames()
    checkGrants()
    try checkRules()
  }

  private static func source(_ name: StaticString, _ directory: String) throws(Complaint) -> Source {
    Source(name: name, bytes: try Files.read("\(directory)/\(name)"))
  }

  private mutating func find(_ file: StaticString, _ position: Position, _ finding: String) {
    let finding = LintFinding(file: "\(directory)/\(file)", position: position, words: finding)
    if !findings.contains(finding) { findings.append(finding) }
  }

  /// Finds constants that no rule uses.
  ///
  /// A constant of the shared file counts as used if any file uses it.
  private mutating func checkConstants(_ shared: [Constant]) {
    let all = files.flatMap(\.file.constants)
    for constant in shared + all {
      let isUsed = all.contains { $0.isUsed && "\($0.file)" == "\(constant.file)" && $0.position == constant.position }
      if !isUsed && !constant.isUsed {
        find(constant.file, constant.position, "no rule uses the constant `\(constant.name.shown)`")
      }
    }
  }

  /// Finds names of rules that two files have, and hypercalls that don't exist.
  private mutating func checkNames() {
    // The run loop itself needs some.
    let hypercalls = ["RUN"] + Hypercall.allCases.map { "\($0.name)" }
    var seen: [String: StaticString] = [:]
    for (module, file) in files {
      for (rule, hypercall, position) in file.names {
        let name = module.source.name
        if let other = seen[String(rule)] {
          find(name, position, "a rule `\(rule.shown)` is in \(other) too: give one of them another name")
        }
        seen[String(rule)] = name
        if !hypercalls.contains(String(hypercall)) {
          let list = hypercalls.joined(separator: ", ")
          find(name, position, "no hypercall `\(hypercall.shown)`: `\(rule.shown)` can be for \(list)")
        }
      }
    }
  }

  /// Finds bounds beyond the reviewed ones, whatever the file itself states.
  private mutating func checkGrants() {
    for (module, file) in files {
      for grant in file.grants {
        let rule = String(grant.rule)
        let what = "`\(grant.argument)` of `\(grant.rule.shown)`"
        guard let bound = ReviewedRule.table[rule]?.bounds.first(where: { $0.argument == "\(grant.argument)" })?.bound
        else {
          find(module.source.name, grant.position, "\(what) has no reviewed bound: write it into ReviewedRule")
          continue
        }
        guard !bound.covers(grant) else { continue }
        find(
          module.source.name, grant.position,
          "\(what) may be more than was reviewed, \(bound.words): lower it, or raise ReviewedRule")
      }
    }
  }

  private mutating func checkRules() throws(Complaint) {
    // Every rule that some launch can have.
    var reachable: Set<String> = []
    for architecture in Architecture.allCases {
      guard let launch = Selection(short: "block+net@\(architecture.name)")?.launch else { continue }
      do throws(PolicyError) {
        let enabled = launch.modules.compactMap { entry in
          files.first { $0.module == entry.module }.map { (file: $0.file, bindings: entry.bindings) }
        }
        let policy = try Policy(files: enabled, common: launch.bindings, architecture: architecture)
        reachable.formUnion(policy.rules.map { String($0.name) })
        check(policy)
      } catch {
        throw Complaint("\(directory)/\(String(error.message))")
      }
    }
    for name in ReviewedRule.table.keys.sorted() where !reachable.contains(name) {
      findings.append(
        LintFinding(
          file: directory, position: nil, words: "no launch has the rule `\(name)`, of which ReviewedRule speaks"))
    }
  }

  private mutating func check(_ policy: Policy) {
    for (index, rule) in policy.rules.enumerated() {
      func add(_ finding: String) { find(rule.file, rule.position, finding) }
      let notes = ReviewedRule.table[String(rule.name)]
      if notes == nil {
        add("nothing is known of what an attacker can do with `\(rule.name.shown)`: write it into ReviewedRule")
      }
      if let notes, notes.tests.isEmpty, notes.unreached == nil { add("no test exercises `\(rule.name.shown)`") }
      if rule.why.bytes.count < 10 { add("`\(rule.name.shown)` hardly gives a reason") }
      var diagram = Diagram()
      let alone = diagram.add(Policy(unchecked: [rule], architecture: policy.architecture, mode: .kill))
      var others = policy.rules
      others.remove(at: index)
      let rest = diagram.add(Policy(unchecked: others, architecture: policy.architecture, mode: .kill))
      let own = try? diagram.combine(alone, rest) { $0 == Action.allow.rawValue && $1 != Action.allow.rawValue ? 1 : 0 }
      if let own, !diagram.values(of: own).contains(1) {
        add("`\(rule.name.shown)` allows nothing that no other rule allows")
      }
    }
  }
}

import Text

/// What the tender may ask of the kernel: a list of rules, any one of which allows its call.
package struct Policy: Sendable {
  /// What happens to a call that no rule allows.
  package enum Mode: Sendable {
    /// The kernel kills the process.
    case kill
    /// The kernel sends SIGSYS, whose handler reports the call and then makes `getppid`, which kills the process.
    case report
  }

  /// The rules, in the order in which their modules were enabled.
  package let rules: [Rule]
  package let architecture: Architecture
  package let mode: Mode
  /// The answers that show that the filter is in force; nil if no outer filter could answer in its place.
  package var witness: Witness?

  /// Makes the policy of a launch out of the files of the enabled modules.
  ///
  /// - Parameters:
  ///   - enabled: The modules; one that serves several devices once for each, with that device's bindings.
  ///   - common: Bindings that every module sees.
  ///   - architecture: The architecture whose rules and numbers to take.
  ///   - mode: What happens to a call that no rule allows.
  /// - Throws: `PolicyError` for a parameter that is missing, bound twice or above what the file grants, for two
  ///   rules that the language does not allow together, and for anything wrong with a file.
  package init(
    enabled: [Enabled], common: [Binding], architecture: Architecture = .native, mode: Mode = .kill
  ) throws(PolicyError) {
    var files: [PolicyFile?] = Array(repeating: nil, count: Module.allCases.count)
    var rules: [Rule] = []
    for entry in enabled {
      let index = Int(entry.module.rawValue)
      let file = if let file = files[index] { file } else { try PolicyFile(entry.module.source) }
      files[index] = file
      rules += try file.rules(for: architecture, in: Scope(own: entry.bindings, common: common))
    }
    try self.init(checked: rules, architecture: architecture, mode: mode)
  }

  /// Makes a policy out of files that have been read, each with bindings of its own.
  package init(
    files: [(file: PolicyFile, bindings: [Binding])], common: [Binding] = [], architecture: Architecture = .native,
    mode: Mode = .kill
  ) throws(PolicyError) {
    var rules: [Rule] = []
    for (file, bindings) in files {
      rules += try file.rules(for: architecture, in: Scope(own: bindings, common: common))
    }
    try self.init(checked: rules, architecture: architecture, mode: mode)
  }

  /// Makes a policy of rules with their parameters bound.
  ///
  /// - Throws: `PolicyError` for two rules that the language does not allow together.
  package init(checked rules: [Rule], architecture: Architecture, mode: Mode) throws(PolicyError) {
    for index in rules.indices {
      for earlier in rules[..<index] where earlier.call == rules[index].call {
        guard !earlier.isSeparate(from: rules[index]) else { continue }
        throw PolicyError(
          file: rules[index].file, position: rules[index].position,
          problem: "rules `\(earlier.name)` and `\(rules[index].name)` are not told apart before a range",
          advice: "give the first argument in which they differ two values, as two descriptors")
      }
    }
    self.init(unchecked: rules, architecture: architecture, mode: mode)
  }

  /// Makes a policy of rules that need not obey the language; for checking the proof itself.
  package init(unchecked rules: [Rule], architecture: Architecture, mode: Mode) {
    self.rules = rules
    self.architecture = architecture
    self.mode = mode
  }

  /// The system calls that some rule allows, each once, in the rules' order.
  package var calls: [PolicyCall] {
    var calls: [PolicyCall] = []
    for rule in rules where !calls.contains(rule.call) { calls.append(rule.call) }
    return calls
  }

  /// Says whether some rule allows a call.
  package func allows(_ request: Request) -> Bool {
    guard request.architecture == architecture.rawValue else { return false }
    for rule in rules where rule.call.number(on: architecture) == request.number {
      if rule.admits(request.arguments) { return true }
    }
    return false
  }

  /// Says whether a filter that takes an action on a call does what the policy and its mode say.
  ///
  /// The action must allow an allowed call, and give the witness's answers. It must kill for any other call. In report
  /// mode it must trap instead, for a call of this architecture that is neither the fatal one nor has a number of
  /// another calling convention.
  package func accepts(_ action: Action, on request: Request) -> Bool {
    if allows(request) { return action == .allow }
    if let answer = witness?.action(on: request, architecture) { return action == answer }
    let isReported =
      mode == .report && request.architecture == architecture.rawValue
      && architecture.isReported(request.number)
    return action == (isReported ? .trap : .killProcess)
  }
}

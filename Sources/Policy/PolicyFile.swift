import Text

/// A policy file that has been read: rules whose parameters are still to be bound.
package struct PolicyFile: Sendable {
  private let source: Source
  let templates: [RuleTemplate]
  /// The constants that it defines or includes.
  package let constants: [Constant]

  /// Reads a policy file and what it includes.
  ///
  /// - Parameters:
  ///   - source: The file's text; any bytes may be given.
  ///   - shared: What `@include constants` reads.
  /// - Throws: `PolicyError` for the first thing that is not in the language, with its place.
  package init(_ source: Source, including shared: Source = .constants) throws(PolicyError) {
    self.source = source
    let parser = try Parser(reading: source, including: shared)
    templates = parser.rules
    constants = parser.constants
  }

  /// The constants of a file that others include, which may hold nothing else.
  ///
  /// - Throws: `PolicyError` for the first thing that is no constant, with its place.
  package static func constants(in shared: Source) throws(PolicyError) -> [Constant] {
    try Parser(reading: shared, including: shared, isIncluded: true).constants
  }

  /// The rules that one use of the file adds to a policy.
  func rules(for architecture: Architecture, in scope: Scope) throws(PolicyError) -> [Rule] {
    var rules: [Rule] = []
    for template in templates where template.architecture == nil || template.architecture == architecture {
      if let condition = template.switchedBy {
        guard try value(of: condition.name, in: scope, at: condition.position) != 0 else { continue }
      }
      rules.append(try bind(template, in: scope))
    }
    return rules
  }

  private func bind(_ template: RuleTemplate, in scope: Scope) throws(PolicyError) -> Rule {
    var conditions: [Condition] = []
    conditions.reserveCapacity(template.conditions.count)
    for condition in template.conditions { conditions.append(try bind(condition, in: scope)) }
    return Rule(
      name: template.name, hypercall: template.hypercall, why: template.why, call: template.call,
      conditions: conditions, file: source.name, position: template.position)
  }

  private func bind(_ template: ConditionTemplate, in scope: Scope) throws(PolicyError) -> Condition {
    let value = try value(of: template.operand, in: scope, at: template.position)
    switch template.shape {
    case .equal: return Condition(shape: .equal, value: value)
    case .masked:
      guard value & ~template.mask == 0 else {
        throw failure(
          "the value bound has bits outside the mask", "bind one that the mask keeps", at: template.position)
      }
      return Condition(shape: .masked, mask: template.mask, value: value)
    case .atMost:
      guard value <= template.limit else { throw excess(value, over: template) }
      return Condition(shape: .atMost, value: value)
    case .window: return try bindWindow(at: value, template, in: scope)
    }
  }

  private func bindWindow(
    at base: UInt64, _ template: ConditionTemplate, in scope: Scope
  ) throws(PolicyError) -> Condition {
    guard case .parameter(let name) = template.operand else {
      throw failure("the window has no name", "write `in $WINDOW`", at: template.position)
    }
    let size = try value(of: "\(name)_size", in: scope, at: template.position)
    guard size.nonzeroBitCount == 1 else {
      throw failure("the window's size \(size) is no power of two", "round it up to one", at: template.position)
    }
    guard size <= template.limit else { throw excess(size, over: template) }
    guard base != 0, base & (size - 1) == 0 else {
      throw failure(
        "the window's base 0x\(hex: base) is no multiple of its size \(size)", "map memory at one above 0",
        at: template.position)
    }
    return Condition(shape: .window, mask: ~(size - 1), value: base)
  }

  // MARK: Parameters

  private func value(
    of operand: Operand, in scope: Scope, at position: Position
  ) throws(PolicyError) -> UInt64 {
    switch operand {
    case .literal(let value): value
    case .parameter(let name): try value(of: name, in: scope, at: position)
    }
  }

  private func value(of name: Text, in scope: Scope, at position: Position) throws(PolicyError) -> UInt64 {
    switch scope.lookUp(name) {
    case .value(let value): return value
    case .missing: throw failure("`$\(name)` has no value", "bind it at launch", at: position)
    case .twice: throw failure("`$\(name)` has two values", "bind it once, for the module or for all", at: position)
    }
  }

  private func excess(_ value: UInt64, over template: ConditionTemplate) -> PolicyError {
    failure(
      "the value bound is \(value), more than the \(template.limit) that the file grants",
      "bind a smaller one, or raise `max`", at: template.position)
  }

  private func failure(_ problem: Text, _ advice: Text, at position: Position) -> PolicyError {
    PolicyError(file: source.name, position: position, problem: problem, advice: advice)
  }
}

/// The bindings that one use of a file sees.
struct Scope {
  let own: [Binding]
  let common: [Binding]

  /// What is known of a parameter.
  enum Found {
    case value(UInt64)
    case missing, twice
  }

  /// Looks a parameter up in both lists.
  func lookUp(_ name: Text) -> Found {
    var entry = Found.missing
    for list in [own, common] {
      for binding in list where name.spells(binding.name) {
        guard case .missing = entry else { return .twice }
        entry = .value(binding.value)
      }
    }
    return entry
  }
}

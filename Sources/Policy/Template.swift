package import Text

/// A value in a rule: written down, or bound at launch.
package enum Operand: Equatable, Sendable {
  case literal(UInt64)
  /// The parameter of this name, which the file spells with a `$` before it.
  case parameter(Text)
}

/// A condition as a policy file states it, before its parameters are bound.
struct ConditionTemplate {
  let shape: Condition.Shape
  /// The bits to compare; only `.masked` has any but all.
  let mask: UInt64
  let operand: Operand
  /// The greatest value or window size that the file grants, which bounds how many values the condition admits.
  let limit: UInt64
  /// Where the file has the operand.
  let position: Position
}

/// A rule as a policy file states it, before its parameters are bound.
struct RuleTemplate {
  let name: Text
  let hypercall: Text
  let why: Text
  /// The only architecture that has the rule, or nil for all.
  let architecture: Architecture?
  /// The parameter that must not be zero, and where the file names it.
  let switchedBy: (name: Text, position: Position)?
  let call: PolicyCall
  /// One condition for each argument of the call, in their order.
  let conditions: [ConditionTemplate]
  /// Where the file names the system call.
  let position: Position
}

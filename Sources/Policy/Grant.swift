package import Text

/// What a rule grants of one argument before anything is bound: the limit for every launch.
package struct Grant: Sendable {
  /// The rule's name.
  package let rule: Text
  /// The argument's name.
  package let argument: StaticString
  package let shape: Condition.Shape
  /// What the argument is compared with.
  package let operand: Operand
  /// The bits to compare: all of them, except for `.masked`.
  package let mask: UInt64
  /// The greatest value or window size that the file states.
  package let limit: UInt64
  package let position: Position
}

extension PolicyFile {
  /// What each rule grants, argument by argument.
  package var grants: [Grant] {
    templates.flatMap { template in
      template.conditions.enumerated().map { index, condition in
        Grant(
          rule: template.name, argument: template.call.row.arguments[index], shape: condition.shape,
          operand: condition.operand, mask: condition.mask, limit: condition.limit, position: condition.position)
      }
    }
  }

  /// Each rule's name, the hypercall that it says it is for, and the place of its system call.
  package var names: [(rule: Text, hypercall: Text, position: Position)] {
    templates.map { ($0.name, $0.hypercall, $0.position) }
  }
}

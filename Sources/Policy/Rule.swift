package import Text

/// One call that the policy allows, with every parameter bound.
package struct Rule: Sendable {
  /// What `@rule` calls it.
  package let name: Text
  /// The hypercall that needs it, from `@for`.
  package let hypercall: Text
  /// The reason, from `@why`.
  package let why: Text
  package let call: PolicyCall
  /// One condition for each of the call's arguments, in their order.
  package let conditions: [Condition]
  /// The policy file that the rule comes from.
  package let file: StaticString
  /// Where in the file its system call is named.
  package let position: Position

  package init(
    name: Text, hypercall: Text, why: Text, call: PolicyCall, conditions: [Condition], file: StaticString,
    position: Position
  ) {
    precondition(conditions.count <= 6, "a system call has at most six arguments")
    self.name = name
    self.hypercall = hypercall
    self.why = why
    self.call = call
    self.conditions = conditions
    self.file = file
    self.position = position
  }

  /// Says whether the rule allows its call with given arguments; those past the call's last don't matter.
  package func admits(_ arguments: InlineArray<6, UInt64>) -> Bool {
    for index in conditions.indices where !conditions[index].admits(arguments[index]) { return false }
    return true
  }

  /// Says whether fixed bits tell the two rules' calls apart, at an argument before which the two are the same and
  /// have no range.
  ///
  /// That is what the language asks of two rules for one call. It makes the filter a tree that branches on fixed bits
  /// and ends in ranges, the shape that libseccomp compiles right. Branches below a range, and several ranges under
  /// one branch, it compiles wrong or not to an end.
  func isSeparate(from other: Rule) -> Bool {
    for index in conditions.indices {
      if conditions[index] != other.conditions[index] {
        return conditions[index].isSeparate(from: other.conditions[index])
      }
      if conditions[index].shape == .atMost { return false }
    }
    return false
  }
}

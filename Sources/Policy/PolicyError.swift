package import Text

/// A place in a policy file.
package struct Position: Equatable, Sendable {
  /// The line, counted from 1.
  package let line: Int
  /// The column in bytes, counted from 1.
  package let column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// What is wrong with a policy file or its bindings, where, and what to do.
package struct PolicyError: Error, Sendable {
  package let file: StaticString
  package let position: Position
  /// What is wrong, without a full stop.
  package let problem: Text
  /// What to do about it, without a full stop.
  package let advice: Text

  /// The whole sentence, as `file:line:column: problem; advice`.
  package var message: Text { "\(file):\(position.line):\(position.column): \(problem); \(advice)" }
}

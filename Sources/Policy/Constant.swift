package import Text

/// A name for a number, as a policy file defines it.
package struct Constant: Sendable {
  package let name: Text
  package let value: UInt64
  /// The file that defines it, which may be an included one.
  package let file: StaticString
  /// Where the name stands in that file.
  package let position: Position
  /// Whether a rule, or another constant, takes its value.
  package internal(set) var isUsed = false
}

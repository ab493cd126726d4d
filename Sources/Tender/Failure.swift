package import Text

/// Why no guest runs, or runs no longer: one line for standard error, and the status that the tender ends with.
package struct Failure: Error {
  /// The line, without the program's name.
  package let message: Text
  /// Whether the usage follows.
  package let showsUsage: Bool

  package init(_ message: Text, showsUsage: Bool = false) {
    self.message = message
    self.showsUsage = showsUsage
  }
}

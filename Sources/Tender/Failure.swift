package import Text

/// Why no guest runs, or runs no longer: one line for standard error, and the status that the tender ends with.
package struct Failure: Error {
  /// The line, without the program's name.
  package let message: Text
  /// Whether the usage follows.
  package let showsUsage: Bool
  /// What to do, in lines behind all that; empty where the message says it.
  package let advice: Text

  package init(_ message: Text, showsUsage: Bool = false, advice: Text = Text()) {
    self.message = message
    self.showsUsage = showsUsage
    self.advice = advice
  }
}

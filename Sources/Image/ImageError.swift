package import Text

/// The reason why a file isn't a unikernel that can run, as one line for the user.
package struct ImageError: Error, Equatable, Sendable {
  /// The line, in the words of Solo5's `elf.c`; it begins with the file's name and has no line end.
  package let message: Text

  init(_ message: Text) { self.message = message }

  /// Makes the error of a file that breaks a rule of executables.
  static func invalid(_ name: Text, _ reason: Text) -> ImageError {
    ImageError("\(name): invalid executable: \(reason)")
  }
}

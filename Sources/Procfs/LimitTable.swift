package import Text

/// What `/proc/PID/limits` says.
package struct LimitTable: Sendable {
  private let text: Text

  package init(_ text: Text) { self.text = text }

  /// The soft and the hard limit by the kernel's name, such as `Max open files`; nil for `unlimited`.
  package subscript(_ name: Text) -> (soft: UInt64?, hard: UInt64?)? {
    for line in text.lines {
      guard let values = line.after(name)?.words, values.count >= 2, let soft = Self.value(values[0]),
        let hard = Self.value(values[1])
      else { continue }
      return (soft, hard)
    }
    return nil
  }

  /// Nil if the text isn't a limit, and a nil limit for `unlimited`.
  private static func value(_ word: Text) -> UInt64?? {
    if word == "unlimited" { return .some(nil) }
    return word.number(radix: UInt64(10)).map { .some($0) }
  }
}

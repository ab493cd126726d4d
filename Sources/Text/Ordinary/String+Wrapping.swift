extension String {
  /// The words in lines of at most a width, for what stands behind some columns of a table.
  ///
  /// A word that is longer than that has a line of its own.
  ///
  /// - Parameters:
  ///   - width: how many columns there are; nil for one line, however long.
  ///   - indent: how many of them are taken in the first line, and stay blank in the others.
  /// - Returns: the lines, without a line break at the end.
  package func wrapped(to width: Int?, behind indent: Int) -> String {
    guard let width else { return self }
    var (text, column) = ("", indent)
    for word in split(separator: " ") {
      if column > indent, column + 1 + word.count > width {
        text += "\n" + String(repeating: " ", count: indent)
        column = indent
      } else if column > indent {
        text += " "
        column += 1
      }
      text += word
      column += word.count
    }
    return text
  }
}

package import Text

/// Lines with a name, a colon and a value, as in `/proc/PID/status` and in a descriptor's `fdinfo`.
package struct KeyedLines: Equatable, Sendable {
  private let entries: [(name: Text, value: Text)]
  /// Whether each line has a name and a colon.
  package let isWhole: Bool

  package init(_ text: Text) {
    var entries: [(name: Text, value: Text)] = []
    var isWhole = true
    for line in text.lines {
      let halves = line.fields(UInt8(ascii: ":"), atMost: 2)
      guard halves.count == 2, !halves[0].isEmpty else {
        isWhole = false
        continue
      }
      entries.append((halves[0].trimmed, halves[1].trimmed))
    }
    self.entries = entries
    self.isWhole = isWhole
  }

  /// The value of the first line with a name.
  package subscript(_ name: Text) -> Text? { entries.first { $0.name == name }?.value }

  package static func == (left: KeyedLines, right: KeyedLines) -> Bool {
    left.isWhole == right.isWhole && left.entries.elementsEqual(right.entries) { $0 == $1 }
  }
}

import Text

/// How far a long run is, as people are told: by a bar on a terminal, and by lines elsewhere, as in a CI system's log.
package struct Progress: Sendable {
  /// What progress is shown on.
  package enum Display: Equatable, Sendable {
    /// A terminal of a width in columns.
    case terminal(width: Int)
    case log
  }

  /// The least time between two lines of a log within one part, in nanoseconds.
  private static let patience: UInt64 = 10_000_000_000
  /// On a terminal, every how manyth step is shown.
  private static let stride = 16

  private let total: Int
  private var done = 0
  private var part: String?
  private var lastLine: UInt64 = 0

  package init(total: Int) { self.total = max(1, total) }

  /// Counts one step.
  ///
  /// - Parameters:
  ///   - part: the name of the part that the step belongs to.
  ///   - now: the time of the stopwatch, in nanoseconds.
  ///   - display: what it is shown on.
  /// - Returns: what to write there; nil for nothing.
  package mutating func advance(_ part: String, now: UInt64, on display: Display) -> String? {
    done += 1
    let isNew = part != self.part
    self.part = part
    switch display {
    case .terminal(let width):
      return isNew || done % Self.stride == 0 || done == total ? "\r\(bar(width))" : nil
    case .log:
      guard isNew || now - lastLine >= Self.patience else { return nil }
      lastLine = now
      return "attack: \(part): \(isNew ? "begins" : "goes on"), \(done - (isNew ? 1 : 0)) of \(total) attempts made\n"
    }
  }

  /// The bar, one column less than the terminal's width: some begin a line after the last column.
  private func bar(_ width: Int) -> String {
    let words = " \(done)/\(total) \(part ?? "")"
    let room = max(0, width - 1)
    let inner = room - words.count - 2
    guard inner >= 4 else { return String(words.dropFirst().prefix(room)).padded(to: room) }
    let filled = done * inner / total
    return "[\(String(repeating: "#", count: filled))\(String(repeating: ".", count: inner - filled))]\(words)"
  }
}

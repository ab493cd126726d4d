import Text

/// A set of argument values, for people.
///
/// It has intervals, or patterns of fixed bits where there are too many intervals.
package struct ArgumentSet: Equatable, Sendable {
  /// The intervals, in ascending order and with gaps between them.
  package private(set) var intervals: [ClosedRange<UInt64>]
  /// Whether there are more values than are listed.
  package private(set) var isCut: Bool

  init(intervals: [ClosedRange<UInt64>] = [], isCut: Bool = false) {
    self.intervals = intervals
    self.isCut = isCut
  }

  /// Adds values, all of which are above those in the set.
  mutating func append(_ interval: ClosedRange<UInt64>) {
    if let last = intervals.last, last.upperBound &+ 1 == interval.lowerBound {
      intervals[intervals.count - 1] = last.lowerBound...interval.upperBound
    } else {
      intervals.append(interval)
    }
  }

  /// Notes that there are more values than are listed.
  mutating func cut() { isCut = true }

  /// Whether every value is in the set.
  package var isAll: Bool { intervals == [0...UInt64.max] && !isCut }

  /// Whether there is one value in the set.
  var isOne: Bool { intervals.count == 1 && !isCut && intervals[0].lowerBound == intervals[0].upperBound }

  /// The set in words.
  package var words: String {
    if isAll { return "anything" }
    if intervals.isEmpty { return "too irregular to list" }
    var parts = intervals.prefix(6).map { interval in
      if interval.lowerBound == interval.upperBound { return Self.number(interval.lowerBound) }
      if interval.lowerBound == 0 { return "0 to \(Self.number(interval.upperBound))" }
      return "\(Self.number(interval.lowerBound)) to \(Self.number(interval.upperBound))"
    }
    if isCut || intervals.count > 6 { parts.append("and more") }
    return parts.joined(separator: ", ")
  }

  /// A number for people: small ones decimal, addresses hexadecimal.
  package static func number(_ value: UInt64) -> String { value < 1 << 20 ? "\(value)" : String(hex: value) }
}

/// What a rule asks of one argument, with every parameter bound.
///
/// Arguments are compared in all 64 bits and without sign, as the kernel hands them to a filter.
package struct Condition: Equatable, Sendable {
  /// The kinds of comparison in the language.
  package enum Shape: Sendable {
    /// `argument == value`
    case equal
    /// `argument & mask == value`
    case masked
    /// `argument in $window`: a masked comparison too, of the bits above the window's size.
    case window
    /// `argument <= value`
    case atMost
  }

  package let shape: Shape
  /// The bits compared by the first three shapes; all for `.atMost`.
  package let mask: UInt64
  /// The bits asked for, none outside `mask`, or the greatest value admitted.
  package let value: UInt64

  package init(shape: Shape, mask: UInt64 = .max, value: UInt64) {
    self.shape = shape
    self.mask = mask
    self.value = value
  }

  /// Says whether an argument meets the condition.
  package func admits(_ argument: UInt64) -> Bool {
    switch shape {
    case .equal: argument == value
    case .masked, .window: argument & mask == value
    case .atMost: argument <= value
    }
  }

  /// How many values the condition admits: 1 to 2^63, for conditions that the language allows.
  package var count: UInt64 {
    switch shape {
    case .equal: 1
    case .masked, .window: 1 << UInt64((~mask).nonzeroBitCount)
    case .atMost: value &+ 1
    }
  }

  /// Says whether no argument can meet both conditions because of bits that both fix.
  func isSeparate(from other: Condition) -> Bool {
    guard shape != .atMost, other.shape != .atMost else { return false }
    return (value ^ other.value) & mask & other.mask != 0
  }
}

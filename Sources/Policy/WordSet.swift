/// A set of 32-bit words, never empty: those between two bounds whose known bits have given values.
///
/// The bounds are members, and bits that all members share are known.
package struct WordSet: Equatable, Sendable {
  package private(set) var low: UInt32
  package private(set) var high: UInt32
  /// The bits that are the same in all members.
  package private(set) var known: UInt32
  /// The values of the known bits; 0 elsewhere.
  package private(set) var bits: UInt32

  /// All words.
  package static let all = WordSet(low: 0, high: .max, known: 0, bits: 0)

  /// The words up to a greatest one.
  package init(atMost high: UInt32) {
    let leading = UInt32(high.leadingZeroBitCount)
    self.init(low: 0, high: high, known: ~(UInt32.max >> leading), bits: 0)
  }

  /// The words of a range.
  package init(_ range: ClosedRange<UInt32>) {
    let open = range.lowerBound ^ range.upperBound
    let shared = open == 0 ? UInt32.max : ~(UInt32.max >> UInt32(open.leadingZeroBitCount))
    self.init(low: range.lowerBound, high: range.upperBound, known: shared, bits: range.lowerBound & shared)
  }

  /// The words with given values, 0 outside `mask`, in the bits of `mask`.
  package init(mask: UInt32, bits: UInt32) {
    self.init(low: bits & mask, high: bits & mask | ~mask, known: mask, bits: bits & mask)
  }

  private init(low: UInt32, high: UInt32, known: UInt32, bits: UInt32) {
    self.low = low
    self.high = high
    self.known = known
    self.bits = bits
  }

  /// The only member, or nil if there are several.
  package var only: UInt32? { low == high ? low : nil }

  package func contains(_ word: UInt32) -> Bool { word >= low && word <= high && word & known == bits }

  /// Says whether all members have given values in the bits of a mask.
  package func isFixed(_ mask: UInt32, to value: UInt32) -> Bool { known & mask == mask && bits & mask == value }

  // MARK: Both sides of a comparison

  /// The members for which `word & mask == value`, or nil if there are none.
  package func whereEqual(_ mask: UInt32, _ value: UInt32) -> WordSet? {
    guard value & ~mask == 0, (bits ^ value) & known & mask == 0 else { return nil }
    return WordSet(low: low, high: high, known: known | mask, bits: bits | value).tightened
  }

  /// A set of at least the members for which `word & mask != value`, or nil if there are none.
  package func whereNotEqual(_ mask: UInt32, _ value: UInt32) -> WordSet? {
    guard value & ~mask == 0, (bits ^ value) & known & mask == 0 else { return self }
    let open = mask & ~known
    if open == 0 { return nil }
    if open.nonzeroBitCount == 1 {
      return WordSet(low: low, high: high, known: known | open, bits: bits | (open & ~value)).tightened
    }
    guard known | mask == .max else { return self }
    return without(value | bits)
  }

  private func without(_ word: UInt32) -> WordSet? {
    if word == low { return word == high ? nil : WordSet(low: low + 1, high: high, known: known, bits: bits).tightened }
    if word == high { return WordSet(low: low, high: high - 1, known: known, bits: bits).tightened }
    return self
  }

  /// The members greater than a word, or nil if there are none.
  package func whereGreater(than word: UInt32) -> WordSet? {
    guard high > word else { return nil }
    return WordSet(low: max(low, word + 1), high: high, known: known, bits: bits).tightened
  }

  /// The members that are not greater than a word, or nil if there are none.
  package func whereNotGreater(than word: UInt32) -> WordSet? {
    guard low <= word else { return nil }
    return WordSet(low: low, high: min(high, word), known: known, bits: bits).tightened
  }

  /// A set of at least the members that share a bit with a mask, or nil if there are none.
  package func whereAnyBit(of mask: UInt32) -> WordSet? {
    if bits & mask != 0 { return self }
    let open = mask & ~known
    if open == 0 { return nil }
    guard open.nonzeroBitCount == 1 else { return self }
    return WordSet(low: low, high: high, known: known | open, bits: bits | open).tightened
  }

  /// The members that share no bit with a mask, or nil if there are none.
  package func whereNoBit(of mask: UInt32) -> WordSet? { whereEqual(mask, 0) }

  // MARK: The invariant

  /// The same set with bounds that are members and every shared bit known, or nil if it is empty.
  private var tightened: WordSet? {
    guard let first = WordSet.least(from: low, known: known, bits: bits),
      let last = WordSet.least(from: ~high, known: known, bits: ~bits & known).map({ ~$0 }), first <= last
    else { return nil }
    let differing = first ^ last
    let shared = differing == 0 ? UInt32.max : ~(UInt32.max >> UInt32(differing.leadingZeroBitCount))
    return WordSet(low: first, high: last, known: known | shared, bits: bits | (first & shared))
  }

  /// The least word from a given one on whose known bits have given values, or nil if there is none.
  private static func least(from start: UInt32, known: UInt32, bits: UInt32) -> UInt32? {
    let differing = (start ^ bits) & known
    guard differing != 0 else { return start }
    let top = UInt32(1) << UInt32(31 - differing.leadingZeroBitCount)
    let below = top - 1
    // The highest differing bit must be set: keep what is above it and take the least below it.
    if bits & top != 0 { return (start & ~(top | below)) | (bits & (top | below)) }
    // It must be clear: add one to the free bits above it, and take the least below the bit that turns on.
    let candidates = ~start & ~known & ~(top | below)
    guard candidates != 0 else { return nil }
    let turned = candidates & (~candidates &+ 1)
    return (start & ~(turned | (turned - 1))) | turned | (bits & (turned - 1))
  }
}

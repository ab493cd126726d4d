/// A rule as the proof sees it: the number and the conditions, without anything on the heap.
struct Box {
  let number: UInt32
  private let architecture: Architecture
  private let count: Int
  private let conditions: InlineArray<6, Condition>

  init(_ rule: Rule, on architecture: Architecture) {
    number = rule.call.number(on: architecture)
    self.architecture = architecture
    count = min(rule.conditions.count, 6)
    var conditions = InlineArray<6, Condition>(repeating: Condition(shape: .atMost, value: .max))
    for index in 0..<count { conditions[index] = rule.conditions[index] }
    self.conditions = conditions
  }

  /// Says whether the rule allows every call of a region.
  func contains(_ region: Region) -> Bool {
    guard region[0].only == number, region[1].only == architecture.rawValue else { return false }
    for index in 0..<count {
      let (low, high) = region.argument(index)
      guard conditions[index].admitsAll(low: low, high: high) else { return false }
    }
    return true
  }

  // MARK: The rule as regions

  /// How many regions the rule falls into: two for each range whose bound ends in neither half.
  var partCount: Int {
    var parts = 1
    for index in 0..<count where conditions[index].isSplit { parts *= 2 }
    return parts
  }

  /// Makes one of the rule's regions.
  ///
  /// - Parameter part: From 0 up to `partCount`; each bit chooses one side of a range.
  /// - Returns: A region; all together hold the calls that the rule allows, and no others.
  func region(part: Int) -> Region {
    var region = Region(architecture: architecture, number: number)
    var choices = part
    for index in 0..<count {
      let condition = conditions[index]
      let isUpper = condition.isSplit && choices & 1 == 1
      if condition.isSplit { choices >>= 1 }
      let (low, high) = condition.words(isUpper: isUpper)
      region.setArgument(index, low: low, high: high)
    }
    return region
  }

  /// The calls of a region that the rule does not allow, as regions: each lacks one thing that the rule asks for.
  ///
  /// - Parameters:
  ///   - region: Calls of any kind.
  ///   - visit: Gets each of them; the first that it answers with true is the last.
  /// - Returns: Whether it answered so.
  func visitRemainders(of region: Region, _ visit: (Region) -> Bool) -> Bool {
    func visits(_ word: Int, _ set: WordSet?) -> Bool {
      guard let set else { return false }
      var part = region
      part[word] = set
      return visit(part)
    }
    if visits(0, region[0].whereNotEqual(.max, number)) { return true }
    if visits(1, region[1].whereNotEqual(.max, architecture.rawValue)) { return true }
    for index in 0..<count {
      let (low, high) = region.argument(index)
      let (wantedLow, wantedHigh) = (conditions[index].lowHalf, conditions[index].highHalf)
      guard conditions[index].shape == .atMost else {
        for bit in 0..<UInt32(32) {
          if visits(2 + 2 * index, low.whereOther(1 << bit, wantedLow)) { return true }
          if visits(3 + 2 * index, high.whereOther(1 << bit, wantedHigh)) { return true }
        }
        continue
      }
      let (bound, above) = (conditions[index].valueHigh, low.whereGreater(than: conditions[index].valueLow))
      if visits(3 + 2 * index, high.whereGreater(than: bound)) { return true }
      guard let top = high.whereEqual(.max, bound), let above else { continue }
      var part = region
      part.setArgument(index, low: above, high: top)
      if visit(part) { return true }
    }
    return false
  }

  /// A call of a region that meets as many of the rule's conditions as it can.
  func nearest(in region: Region) -> Request {
    var nearest = region
    for index in 0..<count {
      let (low, high) = region.argument(index)
      let (wantedLow, wantedHigh) = (conditions[index].lowHalf, conditions[index].highHalf)
      nearest.setArgument(
        index, low: low.whereEqual(wantedLow.mask, wantedLow.bits) ?? low,
        high: high.whereEqual(wantedHigh.mask, wantedHigh.bits) ?? high)
    }
    return nearest.corner(greatest: false)
  }
}

extension WordSet {
  /// The members in which a bit is not as it is wanted, if it is wanted at all.
  fileprivate func whereOther(_ bit: UInt32, _ wanted: (mask: UInt32, bits: UInt32)) -> WordSet? {
    wanted.mask & bit == 0 ? nil : whereEqual(bit, ~wanted.bits & bit)
  }
}

extension Condition {
  fileprivate var valueLow: UInt32 { UInt32(truncatingIfNeeded: value) }
  fileprivate var valueHigh: UInt32 { UInt32(truncatingIfNeeded: value >> 32) }
  private var maskLow: UInt32 { UInt32(truncatingIfNeeded: mask) }
  private var maskHigh: UInt32 { UInt32(truncatingIfNeeded: mask >> 32) }

  /// Fixed bits of the low word that the condition asks for; for a range, a value that it admits.
  fileprivate var lowHalf: (mask: UInt32, bits: UInt32) { shape == .atMost ? (0, 0) : (maskLow, valueLow) }
  fileprivate var highHalf: (mask: UInt32, bits: UInt32) { shape == .atMost ? (0, 0) : (maskHigh, valueHigh) }

  /// Says whether every argument made of two words meets the condition.
  fileprivate func admitsAll(low: WordSet, high: WordSet) -> Bool {
    guard shape == .atMost else { return low.isFixed(maskLow, to: valueLow) && high.isFixed(maskHigh, to: valueHigh) }
    return high.high < valueHigh || (high.high == valueHigh && low.high <= valueLow)
  }

  /// Says whether the arguments admitted are no product of words: `v <= 0x1_0000_0005` is `high < 1`, or `high == 1`
  /// with `low <= 5`.
  fileprivate var isSplit: Bool { shape == .atMost && valueHigh != 0 && valueLow != .max }

  /// The words of the arguments admitted; of a split range those with the bound's high word, or those below it.
  fileprivate func words(isUpper: Bool) -> (low: WordSet, high: WordSet) {
    guard shape == .atMost else {
      return (WordSet(mask: maskLow, bits: valueLow), WordSet(mask: maskHigh, bits: valueHigh))
    }
    guard isSplit else { return (WordSet(atMost: valueLow), WordSet(atMost: valueHigh)) }
    if isUpper { return (WordSet(atMost: valueLow), WordSet(mask: .max, bits: valueHigh)) }
    return (.all, WordSet(atMost: valueHigh - 1))
  }
}

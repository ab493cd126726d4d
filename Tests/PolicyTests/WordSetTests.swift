import Policy
import Testing

/// `WordSet` against sets that are written out member by member.
///
/// To add one: an operation is a case of `refine`, with the words for which it holds; an empty set, in `knowsEmpty`.
@Suite("Sets of words")
struct WordSetTests {
  /// Members are looked for at both ends of the word, where carries and overflows are.
  static let universe: [UInt32] = Array(0..<40) + Array((UInt32.max - 39)...UInt32.max)

  static func members(_ set: WordSet?) -> Set<UInt32> { Set(universe.filter { set?.contains($0) ?? false }) }

  @Test("hold what a comparison leaves, and lose only what it excludes", arguments: 0..<8)
  func refines(_ seed: UInt64) {
    var generator = SplitMix(seed: seed)
    for _ in 0..<4000 {
      var set: WordSet? = .all
      var exact = Set(Self.universe)
      for _ in 0..<Int.random(in: 1...5, using: &generator) {
        guard let current = set else { break }
        let small = UInt32.random(in: 0..<40, using: &generator)
        let word = Bool.random(using: &generator) ? small : ~small
        let mask =
          [UInt32.max, UInt32.random(in: 0..<64, using: &generator), ~UInt32.random(in: 0..<64, using: &generator)]
          .randomElement(using: &generator) ?? .max
        let (next, keep) = Self.refine(current, Int.random(in: 0..<6, using: &generator), word, mask)
        exact = exact.filter(keep)
        set = next
        #expect(Self.members(set).isSuperset(of: exact), "seed \(seed)")
        guard let next else { continue }
        #expect(next.contains(next.low) && next.contains(next.high) && next.low <= next.high, "seed \(seed)")
        #expect(next.known & next.bits == next.bits && next.isFixed(next.known, to: next.bits), "seed \(seed)")
        #expect(exact.allSatisfy { $0 & next.known == next.bits }, "seed \(seed)")
      }
    }
  }

  /// One of six comparisons, and the words for which it holds.
  static func refine(
    _ set: WordSet, _ choice: Int, _ word: UInt32, _ mask: UInt32
  ) -> (WordSet?, (UInt32) -> Bool) {
    switch choice {
    case 0: (set.whereEqual(mask, word), { $0 & mask == word })
    case 1: (set.whereNotEqual(mask, word), { $0 & mask != word })
    case 2: (set.whereGreater(than: word), { $0 > word })
    case 3: (set.whereNotGreater(than: word), { $0 <= word })
    case 4: (set.whereAnyBit(of: mask), { $0 & mask != 0 })
    default: (set.whereNoBit(of: mask), { $0 & mask == 0 })
    }
  }

  @Test("are exact after an equality and after an order")
  func isExact() {
    var generator = SplitMix(seed: 99)
    for _ in 0..<4000 {
      let mask = ~UInt32.random(in: 0..<64, using: &generator)
      let value = UInt32.random(in: 0..<64, using: &generator) & mask
      let bound = UInt32.random(in: 0..<64, using: &generator)
      let set = WordSet.all.whereEqual(mask, value)?.whereNotGreater(than: bound)
      #expect(Self.members(set) == Set(Self.universe.filter { $0 & mask == value && $0 <= bound }))
      if set == nil { #expect(bound < value) }
      let rest = WordSet.all.whereEqual(mask, value)?.whereGreater(than: bound)
      #expect(Self.members(rest) == Set(Self.universe.filter { $0 & mask == value && $0 > bound }))
    }
  }

  @Test("know when nothing is left")
  func knowsEmpty() {
    #expect(WordSet.all.whereGreater(than: .max) == nil)
    #expect(WordSet(atMost: 0).whereNotEqual(.max, 0) == nil)
    #expect(WordSet(atMost: 5).whereGreater(than: 5) == nil)
    #expect(WordSet(mask: 0xf0, bits: 0x30).whereEqual(0x30, 0x10) == nil)
    #expect(WordSet(mask: 0xf0, bits: 0x30).whereNotEqual(0xf0, 0x30) == nil)
    #expect(WordSet.all.whereEqual(0xf0, 0x1) == nil)
    #expect(WordSet(mask: 0xf0, bits: 0x30).whereNoBit(of: 0x10) == nil)
    #expect(WordSet(mask: 0xf0, bits: 0).whereAnyBit(of: 0x30) == nil)
    #expect(WordSet(mask: 0xffff_fff0, bits: 0x40).whereNotGreater(than: 0x3f) == nil)
    #expect(WordSet(atMost: 0x3f).whereEqual(0xf0, 0x40) == nil)
  }
}

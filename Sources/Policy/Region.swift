/// A set of calls: those each of whose words lies in a set of its own.
struct Region {
  /// The sets of the words, counted as in `Request`.
  private var words: InlineArray<14, WordSet>

  /// All calls there are, of every architecture.
  static let all = Region(words: .init(repeating: .all))

  private init(words: InlineArray<14, WordSet>) { self.words = words }

  /// The calls of one number on one architecture, whatever their arguments.
  init(architecture: Architecture, number: UInt32) {
    self = .all
    words[0] = WordSet(mask: .max, bits: number)
    words[1] = WordSet(mask: .max, bits: architecture.rawValue)
  }

  /// The calls of a range of numbers on one architecture, whatever their arguments.
  init(architecture: Architecture, numbers: ClosedRange<UInt32>) {
    self.init(architecture: architecture, number: numbers.lowerBound)
    words[0] = WordSet(numbers)
  }

  subscript(word: Int) -> WordSet {
    get { words[word] }
    set { words[word] = newValue }
  }

  /// The words of an argument, from 0 to 5.
  func argument(_ index: Int) -> (low: WordSet, high: WordSet) { (words[2 + 2 * index], words[3 + 2 * index]) }

  mutating func setArgument(_ index: Int, low: WordSet, high: WordSet) {
    words[2 + 2 * index] = low
    words[3 + 2 * index] = high
  }

  /// The call that has the least value of each word, or the greatest.
  func corner(greatest: Bool) -> Request {
    var request = Request(architecture: 0, number: 0)
    for word in 0..<Request.wordCount { request[word] = greatest ? words[word].high : words[word].low }
    return request
  }
}

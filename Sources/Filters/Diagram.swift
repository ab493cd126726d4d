import Policy
package import Text

/// Functions from calls to small numbers, as decision diagrams over the 448 bits of a call.
///
/// A diagram is reduced and ordered, so two functions are equal exactly if they are the same node. Comparing filters is
/// exact over all calls, and nothing is approximated. It shares no code with the proof.
///
/// The bits come in the order architecture, number, arguments 0 to 5, each from its highest bit down.
package struct Diagram {
  /// A function: an index into the diagram's nodes.
  package typealias Node = Int32

  private struct Inner: Hashable {
    let level: Int16
    let low: Node
    let high: Node
  }

  private struct Pair: Hashable {
    let left: Node
    let right: Node
  }

  private struct Choice: Hashable {
    let test: Node
    let whenTrue: Node
    let whenFalse: Node
  }

  /// The level of constants, below all bits.
  static let bottom: Int16 = 448
  /// How many decisions may still be made.
  ///
  /// A filter can ask for more than there are atoms.
  private var left: Int
  /// Whether the limit was reached.
  ///
  /// What was made since then means nothing.
  private var isFull = false
  private var nodes: [Inner] = []
  private var unique: [Inner: Node] = [:]
  private var choices: [Choice: Node] = [:]

  /// An empty diagram.
  ///
  /// - Parameter limit: the most decisions, several times what the largest policy takes.
  package init(limit: Int = 1 << 18) { left = limit }

  /// Checks that everything made so far is complete.
  ///
  /// - Throws: `Complaint` where that took more decisions than are allowed.
  func demandWhole() throws(Complaint) {
    if isFull { throw .tooIrregular }
  }

  /// Counts one decision, and says whether it may still be made.
  private mutating func mayGoOn() -> Bool {
    left -= 1
    if left < 0 { isFull = true }
    return !isFull
  }

  /// The constant function of a number.
  mutating func constant(_ value: UInt32) -> Node {
    make(Inner(level: Self.bottom, low: Node(bitPattern: value), high: 0))
  }

  /// The number of a constant function, or nil for one that depends on the call.
  func constant(of node: Node) -> UInt32? {
    let inner = nodes[Int(node)]
    return inner.level == Self.bottom ? UInt32(bitPattern: inner.low) : nil
  }

  /// The first bit on which a function depends, and the functions that it becomes where that bit is 0 and where it is
  /// 1.
  func branch(of node: Node) -> (level: Int, low: Node, high: Node) {
    let inner = nodes[Int(node)]
    return (Int(inner.level), inner.low, inner.high)
  }

  private mutating func make(_ inner: Inner) -> Node {
    if inner.level < Self.bottom, inner.low == inner.high { return inner.low }
    if let known = unique[inner] { return known }
    nodes.append(inner)
    let node = Node(nodes.count - 1)
    unique[inner] = node
    return node
  }

  private mutating func node(_ level: Int, _ low: Node, _ high: Node) -> Node {
    make(Inner(level: Int16(level), low: low, high: high))
  }

  // MARK: Combining

  /// One function where a test is 1, and another where it is 0.
  mutating func choose(_ test: Node, _ whenTrue: Node, _ whenFalse: Node) -> Node {
    if let value = constant(of: test) { return value == 0 ? whenFalse : whenTrue }
    if whenTrue == whenFalse { return whenTrue }
    let choice = Choice(test: test, whenTrue: whenTrue, whenFalse: whenFalse)
    if let known = choices[choice] { return known }
    guard mayGoOn() else { return whenFalse }
    let parts = [nodes[Int(test)], nodes[Int(whenTrue)], nodes[Int(whenFalse)]]
    let level = min(parts[0].level, parts[1].level, parts[2].level)
    func side(_ node: Node, _ inner: Inner, high: Bool) -> Node {
      inner.level == level ? (high ? inner.high : inner.low) : node
    }
    let low = choose(
      side(test, parts[0], high: false), side(whenTrue, parts[1], high: false), side(whenFalse, parts[2], high: false))
    let high = choose(
      side(test, parts[0], high: true), side(whenTrue, parts[1], high: true), side(whenFalse, parts[2], high: true))
    let result = make(Inner(level: level, low: low, high: high))
    choices[choice] = result
    return result
  }

  /// The function whose value for each call is computed from the values of two functions.
  ///
  /// - Throws: `Complaint` where this, or what was made before, takes too many decisions.
  package mutating func combine(
    _ left: Node, _ right: Node, _ value: (UInt32, UInt32) -> UInt32
  ) throws(Complaint) -> Node {
    var known: [Pair: Node] = [:]
    let result = combine(left, right, value, &known)
    try demandWhole()
    return result
  }

  private mutating func combine(
    _ left: Node, _ right: Node, _ value: (UInt32, UInt32) -> UInt32, _ known: inout [Pair: Node]
  ) -> Node {
    let pair = Pair(left: left, right: right)
    if let node = known[pair] { return node }
    guard mayGoOn() else { return left }
    let (a, b) = (nodes[Int(left)], nodes[Int(right)])
    let level = min(a.level, b.level)
    let result: Node
    if level == Self.bottom {
      result = constant(value(UInt32(bitPattern: a.low), UInt32(bitPattern: b.low)))
    } else {
      let low = combine(a.level == level ? a.low : left, b.level == level ? b.low : right, value, &known)
      let high = combine(a.level == level ? a.high : left, b.level == level ? b.high : right, value, &known)
      result = make(Inner(level: level, low: low, high: high))
    }
    known[pair] = result
    return result
  }

  // MARK: Tests of a word

  /// The comparisons of a 32-bit word under a mask.
  enum WordTest {
    case equal, greater, anyBit
  }

  /// The level of a word's highest bit; words are counted as in `Request`.
  static func firstLevel(ofWord word: Int) -> Int {
    switch word {
    case 0: 32
    case 1: 0
    default: 64 + (word - 2) / 2 * 64 + (word % 2 == 1 ? 0 : 32)
    }
  }

  /// The function that is 1 where the masked word compares so with an operand, and 0 elsewhere.
  mutating func test(word: Int, mask: UInt32, _ comparison: WordTest, _ operand: UInt32) -> Node {
    let (yes, no) = (constant(1), constant(0))
    let first = Self.firstLevel(ofWord: word)
    var rest = comparison == .equal ? yes : no
    for bit in 0..<32 {
      let isMasked = mask >> UInt32(bit) & 1 == 1
      let isSet = operand >> UInt32(bit) & 1 == 1
      let level = first + 31 - bit
      switch (comparison, isMasked, isSet) {
      case (.equal, true, true): rest = node(level, no, rest)
      case (.equal, true, false): rest = node(level, rest, no)
      case (.equal, false, true): rest = no
      case (.greater, true, true): rest = node(level, no, rest)
      case (.greater, true, false): rest = node(level, rest, yes)
      case (.greater, false, true): rest = no
      case (.anyBit, true, true): rest = node(level, rest, yes)
      case (.equal, false, false), (.greater, false, false), (.anyBit, _, _): break
      }
    }
    return rest
  }

  // MARK: Asking

  /// All values that the function has for any call.
  package func values(of node: Node) -> Set<UInt32> {
    var seen: Set<Node> = []
    var open = [node]
    var values: Set<UInt32> = []
    while let next = open.popLast() {
      guard seen.insert(next).inserted else { continue }
      if let value = constant(of: next) {
        values.insert(value)
      } else {
        let inner = nodes[Int(next)]
        open += [inner.low, inner.high]
      }
    }
    return values
  }

  /// A call for which a function has a wanted value; nil if there is none.
  func example(of node: Node, where isWanted: (UInt32) -> Bool) -> Request? {
    var fruitless: Set<Node> = []
    var path: [Int] = []
    func descend(_ node: Node) -> Bool {
      if let value = constant(of: node) { return isWanted(value) }
      guard !fruitless.contains(node) else { return false }
      let inner = nodes[Int(node)]
      if descend(inner.low) { return true }
      path.append(Int(inner.level))
      if descend(inner.high) { return true }
      path.removeLast()
      fruitless.insert(node)
      return false
    }
    guard descend(node) else { return nil }
    var request = Request(architecture: 0, number: 0)
    for level in path { request.setBit(level) }
    return request
  }

  /// A call in given parts of the bits, for which a function has a wanted value.
  ///
  /// - Parameters:
  ///   - node: the function.
  ///   - parts: of the architecture and of the number, the second behind the first.
  ///   - isWanted: says whether a value is wanted.
  /// - Returns: the call, or nil if there is none.
  func example(of node: Node, through parts: [Stretch], where isWanted: (UInt32) -> Bool) -> Request? {
    guard let last = parts.last, var request = example(of: last.rest, where: isWanted) else { return nil }
    var node = node
    for (index, part) in parts.enumerated() {
      let first = index * 32
      if let value = part.set.intervals.first?.lowerBound {
        for bit in 0..<32 where value >> UInt64(31 - bit) & 1 == 1 { request.setBit(first + bit) }
      } else {
        guard let path = path(from: node, to: part.rest) else { return nil }
        for level in path { request.setBit(level) }
      }
      node = part.rest
    }
    return request
  }

  /// The levels of the bits that are 1 on some path from one function to another that it can become.
  private func path(from start: Node, to end: Node) -> [Int]? {
    var fruitless: Set<Node> = []
    var path: [Int] = []
    func descend(_ node: Node) -> Bool {
      if node == end { return true }
      let inner = nodes[Int(node)]
      guard inner.level < Self.bottom, fruitless.insert(node).inserted else { return false }
      if descend(inner.low) { return true }
      path.append(Int(inner.level))
      if descend(inner.high) { return true }
      path.removeLast()
      return false
    }
    return descend(start) ? path : nil
  }

  /// A function's value for one call.
  func value(of node: Node, for request: Request) -> UInt32 {
    var node = node
    while true {
      let inner = nodes[Int(node)]
      guard inner.level < Self.bottom else { return UInt32(bitPattern: inner.low) }
      node = request.bit(Int(inner.level)) ? inner.high : inner.low
    }
  }
}

extension Request {
  fileprivate static func place(_ level: Int) -> (word: Int, bit: UInt32) {
    switch level {
    case 0..<32: (1, UInt32(31 - level))
    case 32..<64: (0, UInt32(63 - level))
    default:
      (2 + (level - 64) / 64 * 2 + ((level - 64) % 64 < 32 ? 1 : 0), UInt32(31 - level % 32))
    }
  }

  fileprivate mutating func setBit(_ level: Int) {
    let place = Self.place(level)
    self[place.word] |= 1 << place.bit
  }

  fileprivate func bit(_ level: Int) -> Bool {
    let place = Self.place(level)
    return self[place.word] >> place.bit & 1 == 1
  }
}

extension Complaint {
  /// The complaint about a filter that can't be compared in reasonable time.
  package static let tooIrregular = Complaint("a filter too irregular to compare: it takes too many decisions")
}

extension Diagram {
  /// The values of a range of bits that lead to the same function of the remaining bits.
  struct Stretch {
    var set: ArgumentSet
    let rest: Node
  }

  /// The most intervals that are kept apart for one range of bits.
  private static let intervalLimit = 256

  /// Divides the values of a range of bits by the function that each leaves of the remaining bits.
  func parts(of node: Node, from level: Int, width: Int) -> [Stretch] {
    var parts: [Stretch] = []
    var places: [Node: Int] = [:]
    var left = Self.intervalLimit
    func note(_ low: UInt64, _ free: Int, _ rest: Node) {
      let high = low | (free == 64 ? .max : (1 << UInt64(free)) - 1)
      if let place = places[rest] {
        parts[place].set.append(low...high)
      } else {
        places[rest] = parts.count
        parts.append(Stretch(set: ArgumentSet(intervals: [low...high]), rest: rest))
      }
    }
    func descend(_ node: Node, _ value: UInt64, _ free: Int) {
      let (at, low, high) = branch(of: node)
      guard at < level + width else {
        left -= 1
        return note(value, free, node)
      }
      guard left > 0 else {
        // Whatever comes behind the limit is listed by its function alone, so that no difference is left out.
        for part in reached(node, level + width) {
          if let place = places[part] {
            parts[place].set.cut()
          } else {
            places[part] = parts.count
            parts.append(Stretch(set: ArgumentSet(isCut: true), rest: part))
          }
        }
        return
      }
      let bit = width - 1 - (at - level)
      // Bits above that the function doesn't ask for: both values of the highest of them.
      if bit < free - 1 {
        let skipped = free - 1
        descend(node, value, skipped)
        return descend(node, value | 1 << UInt64(skipped), skipped)
      }
      descend(low, value, bit)
      descend(high, value | 1 << UInt64(bit), bit)
    }
    descend(node, 0, width)
    return parts
  }

  /// The functions that a function can become at a level.
  private func reached(_ node: Node, _ level: Int) -> Set<Node> {
    var seen: Set<Node> = []
    var found: Set<Node> = []
    var open = [node]
    while let next = open.popLast() {
      guard seen.insert(next).inserted else { continue }
      let (at, low, high) = branch(of: next)
      if at >= level { found.insert(next) } else { open += [low, high] }
    }
    return found
  }

  /// Calls of one number: a product of six sets of arguments.
  struct ArgumentBox {
    var arguments: [ArgumentSet]
  }

  /// The calls of one number for which a function has a wanted value, as at most a hundred boxes of arguments.
  ///
  /// - Parameters:
  ///   - node: A function of the arguments only.
  ///   - isWanted: Says which of its numbers are wanted.
  /// - Returns: The boxes, and whether there are more.
  func boxes(of node: Node, where isWanted: (UInt32) -> Bool) -> (boxes: [ArgumentBox], isCut: Bool) {
    var boxes: [ArgumentBox] = []
    var isCut = false
    var known: [Node: Bool] = [:]
    func leads(_ node: Node) -> Bool {
      if let answer = known[node] { return answer }
      let answer = constant(of: node).map(isWanted) ?? (leads(branch(of: node).low) || leads(branch(of: node).high))
      known[node] = answer
      return answer
    }
    func descend(_ node: Node, _ index: Int, _ arguments: [ArgumentSet]) {
      guard leads(node) else { return }
      guard boxes.count < 100 else { return isCut = true }
      guard index < 6 else { return boxes.append(ArgumentBox(arguments: arguments)) }
      for part in parts(of: node, from: 64 + 64 * index, width: 64) {
        descend(part.rest, index + 1, arguments + [part.set])
      }
    }
    descend(node, 0, [])
    return (boxes, isCut)
  }

  /// The most nodes that are visited to find the shares.
  private static let shareLimit = 200_000

  /// How open the arguments of one number are, over the calls for which a function has a wanted value.
  ///
  /// - Parameters:
  ///   - node: A function of the arguments only.
  ///   - isWanted: Says which of its numbers are wanted.
  /// - Returns: For each of the six arguments, the greatest share of its values that lead to the same function. It is 1
  ///   where the argument may be anything, or where finding out takes too long.
  func shares(of node: Node, where isWanted: (UInt32) -> Bool) -> [Double] {
    var left = Self.shareLimit
    var known: [Node: Bool] = [:]
    func leads(_ node: Node) -> Bool {
      if let answer = known[node] { return answer }
      left -= 1
      let answer = constant(of: node).map(isWanted) ?? (leads(branch(of: node).low) || leads(branch(of: node).high))
      known[node] = answer
      return answer
    }
    var starts: Set<Node> = [node]
    var shares: [Double] = []
    for index in 0..<6 {
      var (greatest, next): (Double, Set<Node>) = (0, [])
      for start in starts {
        guard let rests = self.shares(from: start, to: 64 + 64 * (index + 1), &left) else {
          return [Double](repeating: 1, count: 6)
        }
        for (rest, share) in rests where leads(rest) {
          greatest = max(greatest, share)
          next.insert(rest)
        }
      }
      shares.append(greatest)
      starts = next
    }
    return shares
  }

  /// The functions that a function becomes at a level, each with the share of values that lead to it.
  ///
  /// - Returns: nil where there is too much to visit.
  private func shares(from start: Node, to level: Int, _ left: inout Int) -> [Node: Double]? {
    var (found, waiting): ([Node: Double], [Int: [Node: Double]]) = ([:], [:])
    func note(_ node: Node, _ share: Double) {
      let at = branch(of: node).level
      if at >= level { found[node, default: 0] += share } else { waiting[at, default: [:]][node, default: 0] += share }
    }
    note(start, 1)
    // A node's children are on later levels, so that all of its share is known when its level's turn comes.
    while let at = waiting.keys.min(), let nodes = waiting.removeValue(forKey: at) {
      left -= nodes.count
      guard left > 0 else { return nil }
      for (node, share) in nodes {
        let (_, low, high) = branch(of: node)
        note(low, share / 2)
        note(high, share / 2)
      }
    }
    left -= found.count
    return left > 0 ? found : nil
  }
}

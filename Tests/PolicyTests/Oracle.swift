import Policy

/// Compares a program with a policy by brute force over corner values.
///
/// For each word of a request it takes the values at and next to every constant that the program or the policy
/// compares that word with, and both ends. A comparison of a whole word changes its outcome only between neighbouring
/// constants, so for such words the corners stand for all values. For masked comparisons every single bit is turned
/// as well. Of corners that no comparison of either side tells apart one is kept. All combinations are covered; words
/// that neither side looks at are skipped.
struct Oracle {
  private let machine: Machine
  private let policy: Policy
  private let corners: [[UInt32]]

  /// The conditions of the policy's rules by number on its architecture.
  private let rules: [UInt32: [[Condition]]]

  init(_ program: Program, _ policy: Policy) {
    machine = Machine(program: program)
    self.policy = policy
    corners = Oracle.corners(program, policy)
    rules = Dictionary(grouping: policy.rules) { $0.call.number(on: policy.architecture) }
      .mapValues { $0.map(\.conditions) }
  }

  /// The first request found on which the two differ, or nil if they agree on all corners.
  func disagreement() -> Request? {
    var words: [UInt32?] = Array(repeating: nil, count: 14)
    return search(&words, machine.run(words))
  }

  /// Calls of this architecture at corners: half of them next to what a rule allows, with one or two words elsewhere.
  func requests(count: Int, using random: inout SplitMix) -> [Request] {
    (0..<count).map { round in
      var request = Request(architecture: Architecture.native.rawValue, number: 0)
      for word in 0..<14 where word != 1 { request[word] = corners[word].randomElement(using: &random) ?? 0 }
      guard round % 2 == 0, let rule = policy.rules.randomElement(using: &random) else { return request }
      request.number = rule.call.number(on: policy.architecture)
      for (index, condition) in rule.conditions.enumerated() { request.arguments[index] = condition.value }
      for _ in 0..<Int.random(in: 0...2, using: &random) {
        let word = [0, 2, 3, 4, 5, 6, 7, 8, 9].randomElement(using: &random) ?? 0
        request[word] = corners[word].randomElement(using: &random) ?? 0
      }
      return request
    }
  }

  private func search(_ words: inout [UInt32?], _ outcome: Machine.Outcome) -> Request? {
    if case .needs(let word, let index) = outcome {
      return fork(word, &words) { machine.run($0, from: index) }
    }
    switch verdict(words) {
    case .needs(let word): return fork(word, &words) { _ in outcome }
    case .isAllowed(let isAllowed): return isRight(outcome, isAllowed, words) ? nil : request(words)
    }
  }

  private func fork(_ word: Int, _ words: inout [UInt32?], then next: ([UInt32?]) -> Machine.Outcome) -> Request? {
    for value in corners[word] {
      words[word] = value
      if let found = search(&words, next(words)) { return found }
    }
    words[word] = nil
    return nil
  }

  private func request(_ words: [UInt32?]) -> Request {
    var request = Request(architecture: 0, number: 0)
    for (word, value) in words.enumerated() { request[word] = value ?? 0 }
    return request
  }

  // MARK: What the policy says

  private enum Verdict {
    case isAllowed(Bool)
    case needs(word: Int)
  }

  private func verdict(_ words: [UInt32?]) -> Verdict {
    guard let architecture = words[1] else { return .needs(word: 1) }
    guard architecture == policy.architecture.rawValue else { return .isAllowed(false) }
    guard let number = words[0] else { return .needs(word: 0) }
    rules: for rule in rules[number] ?? [] {
      for (index, condition) in rule.enumerated() {
        guard let high = words[3 + 2 * index] else { return .needs(word: 3 + 2 * index) }
        guard Oracle.mayMeet(condition, high: high) else { continue rules }
        guard let low = words[2 + 2 * index] else { return .needs(word: 2 + 2 * index) }
        guard Oracle.meets(condition, UInt64(high) << 32 | UInt64(low)) else { continue rules }
      }
      return .isAllowed(true)
    }
    return .isAllowed(false)
  }

  private static func meets(_ condition: Condition, _ argument: UInt64) -> Bool {
    condition.shape == .atMost ? argument <= condition.value : argument & condition.mask == condition.value
  }

  /// Says whether some low word makes an argument of a high word that meets a condition.
  private static func mayMeet(_ condition: Condition, high: UInt32) -> Bool {
    let (least, low) = (UInt64(high) << 32, condition.value & 0xffff_ffff)
    return meets(condition, condition.shape == .atMost ? least : least | low)
  }

  private func isRight(_ outcome: Machine.Outcome, _ isAllowed: Bool, _ words: [UInt32?]) -> Bool {
    guard case .action(let action) = outcome else { return false }
    if isAllowed { return action == .allow }
    if action == .killProcess { return true }
    return action == .trap && policy.mode == .report && words[1] == policy.architecture.rawValue
      && words[0] != policy.architecture.fatalNumber
  }

  // MARK: Corners

  private static func corners(_ program: Program, _ policy: Policy) -> [[UInt32]] {
    let comparisons = comparisons(in: program).union(comparisons(in: policy))
    return (0..<14).map { word in
      let relevant = comparisons.filter { $0.word == word }
      let values = relevant.reduce(into: [0, 1, .max] as Set) { $0.formUnion(around($1.operand, $1.mask)) }
      var seen: Set<[UInt8]> = []
      return values.sorted().filter { value in seen.insert(relevant.map { $0.outcome(of: value) }).inserted }
    }
  }

  private static func around(_ value: UInt32, _ mask: UInt32 = .max) -> [UInt32] {
    let plain = [value &- 1, value, value &+ 1]
    guard mask != .max else { return plain }
    let ends = [value | ~mask, (value | ~mask) &+ 1, (value | ~mask) &- 1, ~value, ~mask, mask]
    return plain + ends + (0..<32).map { value ^ (1 << UInt32($0)) }
  }

  private struct Comparison: Hashable {
    let word: Int
    let mask: UInt32
    let operand: UInt32

    /// What every way to compare the word comes down to.
    func outcome(of value: UInt32) -> UInt8 {
      let masked = value & mask
      let order: UInt8 = masked < operand ? 0 : masked == operand ? 1 : 2
      return masked & operand != 0 ? order | 4 : order
    }
  }

  /// What the policy compares, and the ends of the ranges that calls and architectures of other kinds have.
  private static func comparisons(in policy: Policy) -> Set<Comparison> {
    var found: Set<Comparison> = []
    func compare(_ word: Int, _ values: [UInt32], _ mask: UInt32 = .max) {
      for value in values { found.insert(Comparison(word: word, mask: mask, operand: value)) }
    }
    compare(0, [policy.architecture.fatalNumber, 0x4000_0000])
    compare(1, Architecture.allCases.map(\.rawValue) + [0x4000_0003])
    for rule in policy.rules {
      compare(0, [rule.call.number(on: policy.architecture)])
      for (index, condition) in rule.conditions.enumerated() {
        compare(
          2 + 2 * index, [UInt32(truncatingIfNeeded: condition.value)], UInt32(truncatingIfNeeded: condition.mask))
        compare(3 + 2 * index, [UInt32(condition.value >> 32)], UInt32(condition.mask >> 32))
      }
    }
    return found
  }

  /// Every word, mask and constant that some way through the program compares.
  private static func comparisons(in program: Program) -> Set<Comparison> {
    struct Loaded: Hashable {
      let word: Int
      let mask: UInt32
    }
    let count = program.instructions.count
    var arriving: [Set<Loaded>] = Array(repeating: [], count: count + 1)
    var found: Set<Comparison> = []
    for (index, instruction) in program.instructions.enumerated() {
      func pass(_ loaded: Set<Loaded>, to target: Int) { arriving[min(target, count)].formUnion(loaded) }
      switch instruction.code {
      case 0x20:
        if let word = Machine.word(at: instruction.operand) { pass([Loaded(word: word, mask: .max)], to: index + 1) }
      case 0x54:
        let masked = arriving[index].map { Loaded(word: $0.word, mask: $0.mask & instruction.operand) }
        pass(Set(masked), to: index + 1)
      case 0x05: pass(arriving[index], to: index + 1 + Int(min(instruction.operand, 4096)))
      case 0x15, 0x25, 0x35, 0x45:
        for loaded in arriving[index] {
          found.insert(Comparison(word: loaded.word, mask: loaded.mask, operand: instruction.operand))
          let tested = instruction.code == 0x45 ? loaded.mask & instruction.operand : loaded.mask
          found.insert(Comparison(word: loaded.word, mask: tested, operand: instruction.operand & tested))
        }
        pass(arriving[index], to: index + 1 + Int(instruction.skipTrue))
        pass(arriving[index], to: index + 1 + Int(instruction.skipFalse))
      default: break
      }
    }
    return found
  }
}

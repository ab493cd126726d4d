package import Policy
import Text

extension Diagram {
  /// The function from each call to the action that the policy demands.
  package mutating func add(_ policy: Policy) -> Node {
    let kill = constant(Action.killProcess.rawValue)
    var result = kill
    if policy.mode == .report {
      let fatal = test(word: 0, mask: .max, .equal, policy.architecture.fatalNumber)
      result = choose(fatal, kill, constant(Action.trap.rawValue))
      if let foreign = policy.architecture.foreignNumbers {
        let above = test(word: 0, mask: .max, .greater, foreign.upperBound)
        let from = test(word: 0, mask: .max, .greater, foreign.lowerBound - 1)
        result = choose(from, choose(above, result, kill), result)
      }
    }
    if let witness = policy.witness {
      let asks = test(word: 0, mask: .max, .equal, policy.architecture.witnessNumber)
      var answer = result
      for argument in 0..<Witness.count {
        let isAsked = test(word: 2, mask: .max, .equal, UInt32(argument))
        answer = choose(isAsked, constant(Action.error(witness[argument]).rawValue), answer)
      }
      result = choose(asks, choose(test(word: 3, mask: .max, .equal, 0), answer, result), result)
    }
    let allow = constant(Action.allow.rawValue)
    for rule in policy.rules { result = choose(calls(of: rule, on: policy.architecture), allow, result) }
    return choose(test(word: 1, mask: .max, .equal, policy.architecture.rawValue), result, kill)
  }

  /// The function that is 1 for the calls of a rule, whatever their architecture.
  private mutating func calls(of rule: Rule, on architecture: Architecture) -> Node {
    let no = constant(0)
    var calls = constant(1)
    for (index, condition) in rule.conditions.enumerated().reversed() {
      calls = choose(arguments(index, condition), calls, no)
    }
    return choose(test(word: 0, mask: .max, .equal, rule.call.number(on: architecture)), calls, no)
  }

  private mutating func arguments(_ index: Int, _ condition: Condition) -> Node {
    let (low, high) = (2 + 2 * index, 3 + 2 * index)
    let (value, mask) = (condition.value.halves, condition.mask.halves)
    let no = constant(0)
    guard condition.shape == .atMost else {
      let rest = test(word: low, mask: mask.low, .equal, value.low)
      return choose(test(word: high, mask: mask.high, .equal, value.high), rest, no)
    }
    let above = test(word: high, mask: .max, .greater, value.high)
    let level = test(word: high, mask: .max, .equal, value.high)
    let rest = choose(test(word: low, mask: .max, .greater, value.low), no, constant(1))
    return choose(above, no, choose(level, rest, constant(1)))
  }

  /// The most different contents of the accumulator, over all instructions.
  private static let stateLimit = 1 << 18

  /// The function from each call to the action that the program returns.
  ///
  /// - Throws: `Complaint` with the index of the first instruction that a filter may not have, or where the program
  ///   takes too many decisions.
  mutating func add(_ program: Program, name: String) throws(Complaint) -> Node {
    let steps = try program.instructions.indices.map { index throws(Complaint) in
      try ProgramStep(program.instructions, at: index, file: name)
    }
    guard (1...4096).contains(steps.count) else { throw Complaint("\(name): a program of \(steps.count) instructions") }
    // Jumps lead forward: what is known of the accumulator at an instruction is complete once those before it are done.
    var states: [Set<Accumulator>] = Array(repeating: [], count: steps.count)
    states[0] = [.number(0)]
    var reached = 0
    for index in steps.indices {
      reached += states[index].count
      guard reached <= Self.stateLimit else { throw .tooIrregular }
      for state in states[index] {
        for next in steps[index].successors(of: state, at: index) { states[next.index].insert(next.state) }
      }
    }
    var results: [[Accumulator: Node]] = Array(repeating: [:], count: steps.count)
    for index in steps.indices.reversed() {
      for state in states[index] {
        let next = steps[index].successors(of: state, at: index).map { results[$0.index][$0.state] ?? 0 }
        results[index][state] =
          switch steps[index] {
          case .finish(let action): constant(action)
          case .branch(let comparison, let operand, _, _):
            choose(outcome(of: state, comparison, operand), next[0], next[1])
          case .load, .number, .and, .jump: next[0]
          }
      }
      try demandWhole()
    }
    return results[0][.number(0)] ?? 0
  }

  private mutating func outcome(
    of state: Accumulator, _ comparison: ProgramStep.Comparison, _ operand: UInt32
  ) -> Node {
    if comparison == .greaterOrEqual {
      guard operand > 0 else { return constant(1) }
      return outcome(of: state, .greater, operand - 1)
    }
    switch state {
    case .number(let value):
      let holds =
        switch comparison {
        case .equal: value == operand
        case .greater, .greaterOrEqual: value > operand
        case .anyBit: value & operand != 0
        }
      return constant(holds ? 1 : 0)
    case .word(let word, let mask):
      switch comparison {
      case .equal: return test(word: word, mask: mask, .equal, operand)
      case .greater, .greaterOrEqual: return test(word: word, mask: mask, .greater, operand)
      case .anyBit: return test(word: word, mask: mask, .anyBit, operand)
      }
    }
  }
}

/// What the accumulator holds before an instruction.
enum Accumulator: Hashable {
  case number(UInt32)
  case word(Int, mask: UInt32)

  func masked(by mask: UInt32) -> Accumulator {
    switch self {
    case .number(let value): .number(value & mask)
    case .word(let word, let before): .word(word, mask: before & mask)
    }
  }
}

extension UInt64 {
  /// The two 32-bit words that a filter sees.
  var halves: (low: UInt32, high: UInt32) {
    (UInt32(truncatingIfNeeded: self), UInt32(truncatingIfNeeded: self >> 32))
  }
}

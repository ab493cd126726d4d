import Policy

/// A classic BPF machine of the tests' own, after the kernel's documentation (networking/filter.rst).
///
/// It runs a program on a request of which not every word is known yet, and stops at the first unknown one.
struct Machine {
  let program: Program

  enum Outcome: Equatable {
    case action(Action)
    /// The program loads this word, counted as in `Request`, by this instruction.
    case needs(word: Int, at: Int)
    /// The kernel would not take such a program.
    case invalid
  }

  /// Runs the program from its start, or from a load at which it stopped.
  func run(_ words: [UInt32?], from start: Int = 0) -> Outcome {
    var accumulator: UInt32 = 0
    var index = start
    while index < program.instructions.count {
      let instruction = program.instructions[index]
      let operand = instruction.operand
      index += 1
      switch instruction.code {
      case 0x20:
        guard let word = Machine.word(at: operand) else { return .invalid }
        guard let value = words[word] else { return .needs(word: word, at: index - 1) }
        accumulator = value
      case 0x54: accumulator &= operand
      case 0x05: index += Int(operand)
      case 0x15: index += Int(accumulator == operand ? instruction.skipTrue : instruction.skipFalse)
      case 0x25: index += Int(accumulator > operand ? instruction.skipTrue : instruction.skipFalse)
      case 0x35: index += Int(accumulator >= operand ? instruction.skipTrue : instruction.skipFalse)
      case 0x45: index += Int(accumulator & operand != 0 ? instruction.skipTrue : instruction.skipFalse)
      case 0x06: return .action(Action(rawValue: operand))
      default: return .invalid
      }
    }
    return .invalid
  }

  static func word(at offset: UInt32) -> Int? {
    switch offset {
    case 0: 0
    case 4: 1
    case 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60: Int(offset) / 4 - 2
    default: nil
    }
  }
}

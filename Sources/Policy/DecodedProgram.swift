import Text

/// A decoded filter program: instructions of the few kinds that Brig models, with every jump forward to one of them.
///
/// Decoding, running and proving share nothing with the compiler but the layout of an instruction.
package struct DecodedProgram: Sendable {
  /// The comparisons of a conditional jump.
  enum Test {
    case equal, greater, greaterOrEqual, anyBit
  }

  /// One instruction with its jumps resolved to indices.
  enum Operation {
    /// Puts a word of the request, counted as in `Request`, into the accumulator.
    case load(word: Int)
    /// Clears the accumulator's bits outside a mask.
    case and(UInt32)
    case jump(to: Int)
    case branch(Test, UInt32, whenTrue: Int, whenFalse: Int)
    case finish(Action)
  }

  let steps: [Operation]

  /// Decodes a program.
  ///
  /// - Throws: `Refutation` for a program that is empty or longer than the kernel takes, for an instruction that is
  ///   not modelled or sets a field that it does not use, and for a jump or a fall past the end.
  package init(decoding program: Program) throws(Refutation) {
    let instructions = program.instructions
    // `BPF_MAXINSNS` (linux/bpf_common.h)
    guard (1...4096).contains(instructions.count) else {
      throw Refutation(reason: "the program has \(instructions.count) instructions", instruction: 0)
    }
    var steps: [Operation] = []
    steps.reserveCapacity(instructions.count)
    for index in instructions.indices {
      steps.append(try DecodedProgram.step(for: instructions[index], at: index, of: instructions.count))
    }
    self.steps = steps
  }

  /// Instruction codes: class, size or operation, and mode or operand kind (`linux/bpf_common.h`).
  private enum Code {
    // BPF_LD | BPF_W | BPF_ABS
    static let load: UInt16 = 0x20
    // BPF_ALU | BPF_AND | BPF_K
    static let and: UInt16 = 0x54
    // BPF_JMP | BPF_JA
    static let jump: UInt16 = 0x05
    // BPF_JMP | BPF_JEQ | BPF_K
    static let equal: UInt16 = 0x15
    // BPF_JMP | BPF_JGT | BPF_K
    static let greater: UInt16 = 0x25
    // BPF_JMP | BPF_JGE | BPF_K
    static let greaterOrEqual: UInt16 = 0x35
    // BPF_JMP | BPF_JSET | BPF_K
    static let anyBit: UInt16 = 0x45
    // BPF_RET | BPF_K
    static let finish: UInt16 = 0x06
  }

  private static func step(
    for instruction: Instruction, at index: Int, of count: Int
  ) throws(Refutation) -> Operation {
    if let test = test(of: instruction.code) {
      return .branch(
        test, instruction.operand,
        whenTrue: try target(index + 1 + Int(instruction.skipTrue), from: index, of: count),
        whenFalse: try target(index + 1 + Int(instruction.skipFalse), from: index, of: count))
    }
    guard instruction.skipTrue == 0, instruction.skipFalse == 0 else {
      throw Refutation(reason: "an instruction that is no comparison has jumps", instruction: index)
    }
    switch instruction.code {
    case Code.load:
      _ = try target(index + 1, from: index, of: count)
      return .load(word: try word(at: instruction.operand, from: index))
    case Code.and:
      _ = try target(index + 1, from: index, of: count)
      return .and(instruction.operand)
    case Code.jump: return .jump(to: try target(index + 1 + Int(instruction.operand), from: index, of: count))
    case Code.finish: return .finish(Action(rawValue: instruction.operand))
    default: throw Refutation(reason: "code 0x\(hex: UInt64(instruction.code)) is not modelled", instruction: index)
    }
  }

  private static func test(of code: UInt16) -> Test? {
    switch code {
    case Code.equal: .equal
    case Code.greater: .greater
    case Code.greaterOrEqual: .greaterOrEqual
    case Code.anyBit: .anyBit
    default: nil
    }
  }

  private static func target(_ target: Int, from index: Int, of count: Int) throws(Refutation) -> Int {
    guard target < count else { throw Refutation(reason: "the program runs past its end", instruction: index) }
    return target
  }

  /// The word at an offset into `struct seccomp_data`; the instruction pointer, at 8 to 15, is not modelled.
  private static func word(at offset: UInt32, from index: Int) throws(Refutation) -> Int {
    switch offset {
    case 0, 4: return Int(offset / 4)
    case 16..<64 where offset % 4 == 0: return Int(offset / 4) - 2
    default: throw Refutation(reason: "a load from offset \(offset) is not modelled", instruction: index)
    }
  }

  /// Runs the program on a call, as the kernel would; the accumulator is 0 until something is loaded.
  package func action(for request: Request) -> Action {
    var accumulator: UInt32 = 0
    var index = 0
    while true {
      switch steps[index] {
      case .load(let word):
        accumulator = request[word]
        index += 1
      case .and(let mask):
        accumulator &= mask
        index += 1
      case .jump(let target): index = target
      case .branch(let test, let operand, let whenTrue, let whenFalse):
        index = DecodedProgram.holds(test, accumulator, operand) ? whenTrue : whenFalse
      case .finish(let action): return action
      }
    }
  }

  private static func holds(_ test: Test, _ accumulator: UInt32, _ operand: UInt32) -> Bool {
    switch test {
    case .equal: accumulator == operand
    case .greater: accumulator > operand
    case .greaterOrEqual: accumulator >= operand
    case .anyBit: accumulator & operand != 0
    }
  }
}

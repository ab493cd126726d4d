import Policy
import Text

/// One instruction of a filter, read independently of the proof's decoder.
enum ProgramStep {
  /// The conditions of a jump.
  enum Comparison {
    case equal, greater, greaterOrEqual, anyBit
  }

  case load(word: Int)
  case number(UInt32)
  case and(UInt32)
  case jump(Int)
  case branch(Comparison, UInt32, whenTrue: Int, whenFalse: Int)
  case finish(UInt32)

  /// Reads an instruction by its code (`linux/bpf_common.h`).
  init(_ instructions: [Instruction], at index: Int, file: String) throws(Complaint) {
    let instruction = instructions[index]
    let operand = instruction.operand
    func refuse(_ problem: String) -> Complaint { Complaint("\(file): instruction \(index): \(problem)") }
    func target(_ distance: UInt64) throws(Complaint) -> Int {
      let target = UInt64(index) + 1 + distance
      guard target < instructions.count else { throw refuse("leads past the program's end") }
      return Int(target)
    }
    func branch(_ comparison: Comparison) throws(Complaint) -> ProgramStep {
      .branch(
        comparison, operand, whenTrue: try target(UInt64(instruction.skipTrue)),
        whenFalse: try target(UInt64(instruction.skipFalse)))
    }
    switch instruction.code {
    case 0x20:
      switch operand {
      case 0, 4: self = .load(word: Int(operand / 4))
      case 16..<64 where operand % 4 == 0: self = .load(word: Int(operand / 4) - 2)
      case 8, 12: throw refuse("loads the instruction pointer, which no policy of Brig's looks at")
      default: throw refuse("loads from offset \(operand), where no word of a call is")
      }
      _ = try target(0)
    case 0x00:
      self = .number(operand)
      _ = try target(0)
    case 0x54:
      self = .and(operand)
      _ = try target(0)
    case 0x05: self = .jump(try target(UInt64(operand)))
    case 0x15: self = try branch(.equal)
    case 0x25: self = try branch(.greater)
    case 0x35: self = try branch(.greaterOrEqual)
    case 0x45: self = try branch(.anyBit)
    case 0x06: self = .finish(operand)
    default: throw refuse("code \(String(hex: instruction.code)) is not modelled")
    }
  }

  /// The instructions that may come next, each with what the accumulator then holds.
  ///
  /// Of a branch, the side where the condition holds comes first.
  func successors(of state: Accumulator, at index: Int) -> [(index: Int, state: Accumulator)] {
    switch self {
    case .load(let word): [(index + 1, .word(word, mask: .max))]
    case .number(let value): [(index + 1, .number(value))]
    case .and(let mask): [(index + 1, state.masked(by: mask))]
    case .jump(let target): [(target, state)]
    case .branch(_, _, let whenTrue, let whenFalse): [(whenTrue, state), (whenFalse, state)]
    case .finish: []
    }
  }
}

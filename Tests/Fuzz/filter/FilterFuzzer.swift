import FuzzInput
import Policy

/// A filter, as any program or as the shipped one with changes: whatever the proof accepts treats every call as the policy
/// says, and a call that it gives as the reason of a refusal is one that the program treats otherwise.
///
/// The bytes: a mode, then raw instructions, or changes (place, field, value) of a compiled program.
///
/// To add one: a change in `changed`, or one of `subjects`; an input, a file NAME.hex in Tests/Fuzz/corpus/filter.
@main
enum FilterFuzzer: Fuzzer {
  static func main() {
    unsafe drive {
      FilterFuzzer.run(unsafe Input($0, $1)); return 0
    }
  }

  private struct Subject {
    let policy: Policy
    let program: Program
  }

  private static let subjects: [Subject] = {
    do {
      let policies = [
        try Launch.policy(), try Launch.policy(mode: .report), try Launch.policy(architecture: .aarch64),
        try Launch.policy(disks: 1), try Launch.policy(taps: 1), try Launch.policy(disks: 1, taps: 1),
      ]
      return try policies.map { Subject(policy: $0, program: try Program(compiling: $0)) }
    } catch {
      find("the fuzzer's own policies: \(error)")
    }
  }()

  static func run(_ input: Input) {
    var input = input
    let mode = input.byte()
    let subject = subjects[Int(mode >> 1) % subjects.count]
    judge(mode & 1 == 0 ? changed(subject.program, &input) : decoded(&input), subject.policy)
  }

  /// Up to eight changes: an instruction's place, what of it, and the new value.
  private static func changed(_ program: Program, _ input: inout Input) -> Program {
    var program = program
    for _ in 0..<8 where !input.isAtEnd && !program.instructions.isEmpty {
      let index = Int(input.number(UInt16.self)) % program.instructions.count
      switch input.byte() % 9 {
      case 0: program.instructions[index].code = input.number(UInt16.self)
      case 1: program.instructions[index].skipTrue = input.byte()
      case 2: program.instructions[index].skipFalse = input.byte()
      case 3: program.instructions[index].operand = input.number(UInt32.self)
      case 4: program.instructions[index].operand ^= 1 << UInt32(input.byte() % 32)
      case 5: program.instructions.remove(at: index)
      case 6: program.instructions.insert(program.instructions[index], at: index)
      case 7: program.instructions.swapAt(index, Int(input.number(UInt16.self)) % program.instructions.count)
      default:
        // One more condition jump of either kind, which often changes nothing.
        let codes: [UInt16] = [0x15, 0x25, 0x35, 0x45, 0x54, 0x20]
        program.instructions.insert(
          Instruction(code: codes[Int(input.byte()) % codes.count], operand: input.number(UInt32.self)), at: index)
      }
    }
    return program
  }

  private static func decoded(_ input: inout Input) -> Program {
    var instructions: [Instruction] = []
    while !input.isAtEnd {
      instructions.append(
        Instruction(
          code: input.number(UInt16.self), skipTrue: input.byte(), skipFalse: input.byte(),
          operand: input.number(UInt32.self)))
    }
    return Program(instructions: instructions)
  }

  private static func judge(_ program: Program, _ policy: Policy) {
    do throws(Refutation) {
      _ = try Proof(of: program, against: policy)
    } catch {
      guard let example = error.counterExample else { return }
      let words = (0..<14).map { example.request[$0] as UInt32? }
      require(
        Machine(program: program).run(words) == .action(example.action),
        "a counter-example that the program doesn't give")
      require(!policy.accepts(example.action, on: example.request), "a counter-example that the policy accepts")
      return
    }
    if let request = Oracle(program, policy).disagreement() {
      find(
        "proved, and yet wrong: \((0..<14).map { request[$0] })")
    }
  }
}

import Policy
import Testing

/// Programs with one instruction changed: the proof must refuse each, unless it still does what the policy says.
///
/// To add one: a change is a code, an operand or a jump in `changes(of:)`; a launch, a row of `launches`.
@Suite("Changed programs", .serialized)
struct MutationTests {
  struct Launched: CustomTestStringConvertible, Sendable {
    let disks: Int
    let taps: Int
    let architecture: Architecture
    let mode: Policy.Mode
    var testDescription: String { "\(disks) disks, \(taps) networks, \(architecture), \(mode)" }
  }

  static let launches = [
    Launched(disks: 0, taps: 0, architecture: .x86_64, mode: .kill),
    Launched(disks: 0, taps: 0, architecture: .aarch64, mode: .report),
    Launched(disks: 1, taps: 1, architecture: .x86_64, mode: .kill),
    Launched(disks: 2, taps: 2, architecture: .x86_64, mode: .report),
  ]

  /// Every change of one instruction that is tried.
  static func changes(of instruction: Instruction) -> [Instruction] {
    var changed: [Instruction] = []
    let codes: [UInt16] = [
      0x20, 0x28, 0x30, 0x00, 0x40, 0x60, 0x80, 0x54, 0x44, 0x04, 0x5c, 0x05, 0x15, 0x25, 0x35, 0x45, 0x1d, 0x06, 0x16,
      0x07, 0x87, 0x02, 0x61, 0xff, 0x115,
    ]
    for code in codes {
      changed.append(instruction)
      changed[changed.count - 1].code = code
    }
    let operands =
      [instruction.operand &+ 1, instruction.operand &- 1, 0, .max, instruction.operand &+ 4]
      + [0, 1, 2, 3, 7, 8, 12, 15, 16, 20, 24, 29, 30, 31].map { instruction.operand ^ (1 << UInt32($0)) }
      + [0x7fff_0000, 0x8000_0000, 0x0003_0000, 0x0005_0001, 0x7ffc_0000, 0x7ff0_0000, 0x7fc0_0000]
    for operand in operands {
      changed.append(instruction)
      changed[changed.count - 1].operand = operand
    }
    for (skipTrue, skipFalse) in [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (2, 0), (0, 2), (127, 0), (0, 127)] {
      changed.append(instruction)
      changed[changed.count - 1].skipTrue = instruction.skipTrue &+ UInt8(truncatingIfNeeded: skipTrue)
      changed[changed.count - 1].skipFalse = instruction.skipFalse &+ UInt8(truncatingIfNeeded: skipFalse)
    }
    changed.append(instruction)
    changed[changed.count - 1].skipTrue = instruction.skipFalse
    changed[changed.count - 1].skipFalse = instruction.skipTrue
    return changed.filter { $0 != instruction }
  }

  /// An instruction as the kernel has it: code and operand in hexadecimal, and both jumps where there are any.
  static func text(_ instruction: Instruction) -> String {
    let words = "0x\(String(instruction.code, radix: 16)) 0x\(String(instruction.operand, radix: 16))"
    guard instruction.skipTrue | instruction.skipFalse != 0 else { return words }
    return "\(words) \(instruction.skipTrue) \(instruction.skipFalse)"
  }

  /// What became of the changed programs of one launch.
  struct Tally {
    var refuted = 0
    var notProved = 0
    var notDecoded = 0
    /// What instructions became without a difference.
    var survived: [Int: [String]] = [:]
  }

  /// Tries one changed program.
  static func judge(_ program: Program, _ policy: Policy, _ index: Int, _ change: String, _ tally: inout Tally) {
    do throws(Refutation) {
      _ = try DecodedProgram(decoding: program)
    } catch {
      tally.notDecoded += 1
      return
    }
    do throws(Refutation) {
      _ = try Proof(of: program, against: policy)
      let found = Oracle(program, policy).disagreement()
      #expect(found == nil, "proved, and yet wrong: \(index): \(change)")
      tally.survived[index, default: []].append(change)
    } catch {
      guard let example = error.counterExample else {
        tally.notProved += 1
        return
      }
      tally.refuted += 1
      let words = (0..<14).map { example.request[$0] as UInt32? }
      let action = Machine(program: program).run(words)
      #expect(action == .action(example.action), "the counter-example of \(index): \(change) is not real")
      #expect(
        !policy.accepts(example.action, on: example.request), "the counter-example of \(index): \(change) is not one")
    }
  }

  @Test("are refused unless they are equivalent", arguments: launches)
  func areRefused(_ launch: Launched) throws {
    let policy = try Launch.policy(
      disks: launch.disks, taps: launch.taps, architecture: launch.architecture, mode: launch.mode)
    let program = try Program(compiling: policy)
    #expect(Oracle(program, policy).disagreement() == nil)
    var tally = Tally()
    for (index, instruction) in program.instructions.enumerated() {
      for changed in Self.changes(of: instruction) {
        var mutant = program
        mutant.instructions[index] = changed
        Self.judge(mutant, policy, index, Self.text(changed), &tally)
      }
      var shorter = program
      shorter.instructions.remove(at: index)
      Self.judge(shorter, policy, index, "nothing", &tally)
      var longer = program
      longer.instructions.insert(instruction, at: index)
      Self.judge(longer, policy, index, "itself twice", &tally)
    }
    #expect(tally.refuted > 20 * program.instructions.count)
    let survived = tally.survived.sorted { $0.key < $1.key }
    print(
      "\(launch.testDescription): of the changed programs \(tally.refuted) are refuted by a call,",
      "\(tally.notProved) not proved, \(tally.notDecoded) not decoded;",
      "\(survived.reduce(0) { $0 + $1.value.count }) are proved and equivalent, by instruction:")
    for (index, changes) in survived {
      print("  \(index): \(Self.text(program.instructions[index])) -> \(changes.joined(separator: ", "))")
    }
  }
}

import CSeccomp
import Policy
import Testing
import Text

/// To add one: a function that makes a policy with a witness by `Self.policy`, and proves or refutes a program.
@Suite("A filter's witness")
struct WitnessTests {
  private static let witness = Witness(2741, 1024, 4094)

  private static func policy(_ mode: Policy.Mode = .kill, _ architecture: Architecture = .native) throws -> Policy {
    var policy = try Launch.policy(disks: 1, taps: 1, architecture: architecture, mode: mode)
    policy.witness = witness
    return policy
  }

  @Test(
    "is proved, and gives its answers to nothing but its calls", arguments: Architecture.allCases, [false, true])
  func isProved(_ architecture: Architecture, _ reports: Bool) throws {
    let policy = try Self.policy(reports ? .report : .kill, architecture)
    let program = try Program(compiling: policy)
    _ = try Proof(of: program, against: policy)
    let filter = try DecodedProgram(decoding: program)
    let number = architecture.witnessNumber
    for (argument, answer) in [(0, 2741), (1, 1024), (2, 4094)] as [(UInt64, UInt32)] {
      #expect(filter.action(for: Request(architecture.rawValue, number, [argument])) == .error(answer))
      #expect(filter.action(for: Request(architecture.rawValue, number, [argument, 7, 8, 9])) == .error(answer))
      #expect(filter.action(for: Request(0x4000_0003, number, [argument])) == .killProcess)
    }
    for argument in [3, 1 << 32, 1 << 63, .max] as [UInt64] {
      let action = filter.action(for: Request(architecture.rawValue, number, [argument]))
      #expect(action == (reports ? .trap : .killProcess))
    }
    #expect(Witness(answeredBy: program, on: architecture) == Self.witness)
  }

  @Test("leaves a filter without one as it was")
  func isAbsent() throws {
    let policy = try Launch.policy(disks: 1, taps: 1)
    #expect(Witness(answeredBy: try Program(compiling: policy), on: .x86_64) == nil)
  }

  @Test("that lacks, or is another, or is answered to other calls, is refuted")
  func isRefuted() throws {
    let (with, without) = (try Self.policy(), try Launch.policy(disks: 1, taps: 1, architecture: .native))
    #expect(throws: Refutation.self) { try Proof(of: Program(compiling: without), against: with) }
    #expect(throws: Refutation.self) { try Proof(of: Program(compiling: with), against: without) }
    var another = with
    another.witness = Witness(2741, 1024, 4093)
    let refutation = try #require(throws: Refutation.self) { try Proof(of: Program(compiling: another), against: with) }
    #expect(refutation.counterExample?.action == .error(4093))
  }

  @Test("is refuted with each of its instructions changed")
  func isMutated() throws {
    let policy = try Self.policy()
    let program = try Program(compiling: policy)
    let answers = program.instructions.indices.filter {
      program.instructions[$0].code == 6 && Action(rawValue: program.instructions[$0].operand).errorNumber != nil
    }
    #expect(answers.count == 3)
    for index in answers {
      for operand in [0x7fff_0000, 0x8000_0000, 0x0005_0000, program.instructions[index].operand ^ 1] as [UInt32] {
        var changed = program
        changed.instructions[index].operand = operand
        #expect(throws: Refutation.self) { try Proof(of: changed, against: policy) }
      }
    }
    let number = Architecture.native.witnessNumber
    for index in program.instructions.indices where program.instructions[index].operand == number {
      var changed = program
      changed.instructions[index].operand += 1
      #expect(throws: Refutation.self) { try Proof(of: changed, against: policy) }
    }
  }

  @Test("is asked by a call that no rule can name", arguments: Architecture.allCases)
  func isUnnamed(_ architecture: Architecture) {
    #expect(
      unsafe seccomp_syscall_resolve_name_arch(architecture.rawValue, "getpid") == CInt(architecture.witnessNumber))
    #expect(PolicyCall.allCases.allSatisfy { $0.number(on: architecture) != architecture.witnessNumber })
  }

  @Test("is drawn from all that Linux doesn't have")
  func isDrawn() {
    #expect(Witness(1023, 1024, 1024) == nil && Witness(1024, 4095, 1024) == nil)
    #expect(Witness(drawnFrom: Array(repeating: 0, count: 32)) == Witness(1024, 1024, 1024))
    let last = [0, 0, 0x0b, 0xfe] as [UInt8]
    #expect(Witness(drawnFrom: last + [0, 0, 0, 1] + [0, 0, 0x0b, 0xff]) == Witness(4094, 1025, 1024))
  }

  @Test("is given only where all its answers are")
  func isGiven() {
    #expect(Self.witness?.isGiven { [-2741, -1024, -4094][$0] } == true)
    #expect(Self.witness?.isGiven { [-2741, -1024, -4093][$0] } == false)
    #expect(Self.witness?.isGiven { _ in -2741 } == false)
    #expect(Self.witness?.isGiven { _ in 4711 } == false)
  }
}

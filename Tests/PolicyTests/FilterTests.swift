import Policy
import Testing
import Text

/// To add one: a program in `refused`, with the words and the place, or in `wrong` or `unmodelled`, with a name.
@Suite("Decoding and proving")
struct FilterTests {
  static let load = Instruction(code: 0x20)
  static let kill = Instruction(code: 0x06, operand: 0x8000_0000)
  static let allow = Instruction(code: 0x06, operand: 0x7fff_0000)

  static func equal(_ operand: UInt32, _ skipTrue: UInt8, _ skipFalse: UInt8) -> Instruction {
    Instruction(code: 0x15, skipTrue: skipTrue, skipFalse: skipFalse, operand: operand)
  }

  struct Refused: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let instructions: [Instruction]
    let index: Int

    init(_ words: String, at index: Int, _ instructions: [Instruction]) {
      (testDescription, self.index, self.instructions) = (words, index, instructions)
    }
  }

  static let refused = [
    Refused("the program has 0 instructions", at: 0, []),
    Refused("the program has 4097 instructions", at: 0, Array(repeating: kill, count: 4097)),
    Refused("the program runs past its end", at: 0, [load]),
    Refused("the program runs past its end", at: 1, [load, Instruction(code: 0x54)]),
    Refused("the program runs past its end", at: 1, [load, equal(0, 0, 1), kill]),
    Refused("the program runs past its end", at: 1, [load, equal(0, 255, 0), kill]),
    Refused("the program runs past its end", at: 0, [Instruction(code: 0x05, operand: 1), kill]),
    Refused("the program runs past its end", at: 0, [Instruction(code: 0x05, operand: .max), kill]),
    Refused("a load from offset 8 ", at: 0, [Instruction(code: 0x20, operand: 8), kill]),
    Refused("a load from offset 12 ", at: 0, [Instruction(code: 0x20, operand: 12), kill]),
    Refused("a load from offset 2 ", at: 0, [Instruction(code: 0x20, operand: 2), kill]),
    Refused("a load from offset 17 ", at: 0, [Instruction(code: 0x20, operand: 17), kill]),
    Refused("a load from offset 64 ", at: 0, [Instruction(code: 0x20, operand: 64), kill]),
    Refused("a load from offset 4294963200 ", at: 0, [Instruction(code: 0x20, operand: 0xffff_f000), kill]),
    Refused("code 0x80 is not modelled", at: 0, [Instruction(code: 0x80), kill]),
    Refused("code 0x28 is not modelled", at: 0, [Instruction(code: 0x28), kill]),
    Refused("code 0x16 is not modelled", at: 1, [load, Instruction(code: 0x16)]),
    Refused("code 0x1d is not modelled", at: 1, [load, Instruction(code: 0x1d), kill]),
    Refused("code 0x4 is not modelled", at: 1, [load, Instruction(code: 0x04), kill]),
    Refused("code 0x2 is not modelled", at: 1, [load, Instruction(code: 0x02), kill]),
    Refused("code 0x7 is not modelled", at: 1, [load, Instruction(code: 0x07), kill]),
    Refused("code 0x120 is not modelled", at: 0, [Instruction(code: 0x120), kill]),
    Refused("has jumps", at: 0, [Instruction(code: 0x20, skipTrue: 1), kill]),
    Refused("has jumps", at: 0, [Instruction(code: 0x06, skipFalse: 1, operand: 0x8000_0000)]),
    Refused("has jumps", at: 0, [Instruction(code: 0x05, skipTrue: 1), kill]),
  ]

  @Test("refuses what is not modelled, with its place", arguments: refused)
  func refuses(_ refused: Refused) throws {
    let program = Program(instructions: refused.instructions)
    let refutation = try #require(throws: Refutation.self) { _ = try DecodedProgram(decoding: program) }
    #expect(refutation.reason.string.contains(refused.testDescription), "\(refutation.message.string)")
    #expect(refutation.instruction == refused.index)
    #expect(throws: Refutation.self) { _ = try Proof(of: program, against: Launch.policy()) }
  }

  /// Programs that decode, and are wrong for a policy without rules.
  static let wrong: [(String, [Instruction])] = [
    ("allows all", [allow]),
    ("allows on a foreign architecture", [Instruction(code: 0x20, operand: 4), equal(0xc000_00b7, 0, 1), allow, kill]),
    ("allows one argument", [Instruction(code: 0x20, operand: 60), equal(0x1234_5678, 0, 1), allow, kill]),
    ("kills the thread", [Instruction(code: 0x06, operand: 0)]),
    ("returns an error", [Instruction(code: 0x06, operand: 0x0005_0001)]),
    ("traps", [Instruction(code: 0x06, operand: 0x0003_0000)]),
    ("logs and allows", [Instruction(code: 0x06, operand: 0x7ffc_0000)]),
    ("allows with data", [Instruction(code: 0x06, operand: 0x7fff_0001)]),
    ("asks a tracer", [Instruction(code: 0x06, operand: 0x7ff0_0000)]),
    ("asks a supervisor", [Instruction(code: 0x06, operand: 0x7fc0_0000)]),
  ]

  @Test("refutes wrong programs by a call", arguments: wrong)
  func refutes(_ name: String, _ instructions: [Instruction]) throws {
    let policy = Policy(unchecked: [], architecture: .x86_64, mode: .kill)
    let program = Program(instructions: instructions)
    let refutation = try #require(throws: Refutation.self) { _ = try Proof(of: program, against: policy) }
    let example = try #require(refutation.counterExample)
    #expect(!policy.accepts(try DecodedProgram(decoding: program).action(for: example.request), on: example.request))
  }

  @Test("proves a policy without rules by killing all")
  func provesNothing() throws {
    let policy = Policy(unchecked: [], architecture: .x86_64, mode: .kill)
    let proof = try Proof(of: Program(instructions: [Self.kill]), against: policy)
    #expect(proof.paths == 1 && proof.regions == 0)
    _ = try Proof(of: Program(compiling: policy), against: policy)
  }

  /// Programs that do what an empty policy says, and go about it in a way that is not modelled.
  static let unmodelled: [(String, [Instruction])] = [
    ("a comparison before any load", [equal(0, 0, 0), kill]),
    ("a mask before any load", [Instruction(code: 0x54), kill]),
    ("an order of masked words", [load, Instruction(code: 0x54, operand: 0xff), Instruction(code: 0x25), kill]),
    ("an order of masked words", [load, Instruction(code: 0x54, operand: 0xff), Instruction(code: 0x35), kill]),
    (
      "too many comparisons are pending",
      [load] + (1...300).flatMap { [Instruction(code: 0x25, skipTrue: 1, operand: UInt32($0)), kill] } + [kill]
    ),
    (
      "the proof takes too many steps",
      (0..<32).flatMap { bit in
        [load, Instruction(code: 0x45, skipTrue: 0, skipFalse: 0, operand: 1 << UInt32(bit))]
      } + [kill]
    ),
  ]

  @Test("does not prove what it does not model", arguments: unmodelled)
  func givesUp(_ words: String, _ instructions: [Instruction]) throws {
    let policy = Policy(unchecked: [], architecture: .x86_64, mode: .kill)
    let refutation = try #require(throws: Refutation.self) {
      _ = try Proof(of: Program(instructions: instructions), against: policy)
    }
    #expect(refutation.message.string.hasPrefix("not shown: \(words)"), "\(refutation.message.string)")
    #expect(refutation.counterExample == nil)
  }

  @Test("refutes a program for another launch", arguments: [Policy.Mode.kill, .report])
  func refutesOther(_ mode: Policy.Mode) throws {
    let policies = [
      try Launch.policy(mode: mode), try Launch.policy(disks: 1, mode: mode), try Launch.policy(taps: 1, mode: mode),
      try Launch.policy(disks: 1, taps: 1, mode: mode), try Launch.policy(disks: 1, writable: false, mode: mode),
      try Launch.policy(architecture: .aarch64, mode: mode),
    ]
    let programs = try policies.map { try Program(compiling: $0) }
    for (row, policy) in policies.enumerated() {
      for (column, program) in programs.enumerated() {
        #expect((Oracle(program, policy).disagreement() == nil) == (row == column))
        guard row != column else { continue }
        let refutation = try #require(throws: Refutation.self) { _ = try Proof(of: program, against: policy) }
        #expect(refutation.counterExample != nil)
      }
    }
  }

  @Test("refutes a program of the other mode")
  func refutesMode() throws {
    let (kill, report) = (try Launch.policy(), try Launch.policy(mode: .report))
    #expect(throws: Refutation.self) { _ = try Proof(of: Program(compiling: report), against: kill) }
    let killed = #expect(throws: Refutation.self) { _ = try Proof(of: Program(compiling: kill), against: report) }
    #expect(killed?.counterExample?.isReported == true)
  }

  @Test("refutes any kill in place of a trap, and any trap in place of a kill", arguments: Architecture.allCases)
  func refutesKill(_ architecture: Architecture) throws {
    let policy = try Launch.policy(disks: 1, taps: 1, architecture: architecture, mode: .report)
    let program = try Program(compiling: policy)
    _ = try Proof(of: program, against: policy)
    let pairs: [(Action, Action)] = [(.trap, .killProcess), (.killProcess, .trap)]
    for (from, to) in pairs {
      let places = program.instructions.indices.filter {
        program.instructions[$0].code == 6 && program.instructions[$0].operand == from.rawValue
      }
      #expect(!places.isEmpty)
      for index in places {
        var changed = program
        changed.instructions[index].operand = to.rawValue
        let refutation = #expect(throws: Refutation.self) { _ = try Proof(of: changed, against: policy) }
        #expect(refutation?.counterExample != nil, "\(index)")
      }
    }
  }

  @Test("wants death for x32's numbers in every mode, and SIGSYS for what follows them")
  func foreignNumbers() throws {
    let policy = try Launch.policy(architecture: .x86_64, mode: .report)
    let filter = try DecodedProgram(decoding: Program(compiling: policy))
    for number: UInt32 in [0x3fff_ffff, 0x4000_0000, 0x4000_0001, 0xffff_fffe, 0xffff_ffff, 110, 109, 111] {
      let request = Request(architecture: Architecture.x86_64.rawValue, number: number)
      let isFatal = number == 110 || (0x4000_0000...0xffff_fffe).contains(number)
      #expect(filter.action(for: request) == (isFatal ? .killProcess : .trap), "\(number)")
      #expect(policy.accepts(.killProcess, on: request) == isFatal && policy.accepts(.trap, on: request) == !isFatal)
    }
  }

  /// Actions that no mode has: unknown ones, which the kernel kills on, milder ones, and known ones with data.
  static let strange: [UInt32] = [
    0x7ffe_0000, 0x7ffd_0000, 0x7ffc_0000, 0x7ff0_0000, 0x7fc0_0000, 0x7fff_0001, 0x5_0000, 0x5_0001, 0x3_0001,
    0x1_0000,
    0, 0x8000_0001, 0x9000_0000, 0xffff_ffff,
  ]

  @Test("refuses every action that the mode does not have, wherever it stands", arguments: strange)
  func refusesActions(_ action: UInt32) throws {
    for mode in [Policy.Mode.kill, .report] {
      let policy = try Launch.policy(disks: 1, taps: 1, mode: mode)
      let program = try Program(compiling: policy)
      for index in program.instructions.indices where program.instructions[index].code == 6 {
        var changed = program
        changed.instructions[index].operand = action
        #expect(throws: Refutation.self) { _ = try Proof(of: changed, against: policy) }
      }
    }
  }

  /// Changes every instruction that compares with a constant.
  static func changing(_ program: Program, _ operand: UInt32, _ change: (inout Instruction) -> Void) -> Program {
    var changed = program
    for index in changed.instructions.indices where changed.instructions[index].code == 0x15 {
      if changed.instructions[index].operand == operand { change(&changed.instructions[index]) }
    }
    return changed
  }

  @Test("refutes a program that takes calls of every architecture", arguments: Architecture.allCases)
  func refutesForeign(_ architecture: Architecture) throws {
    let policy = try Launch.policy(disks: 1, taps: 1, architecture: architecture)
    let program = Self.changing(try Program(compiling: policy), architecture.rawValue) { $0.skipFalse = $0.skipTrue }
    let refutation = try #require(throws: Refutation.self) { _ = try Proof(of: program, against: policy) }
    let example = try #require(refutation.counterExample)
    #expect(example.request.architecture != architecture.rawValue && example.action == .allow)
  }

  @Test("refutes a program of report mode that does not kill", arguments: Architecture.allCases)
  func refutesHarmless(_ architecture: Architecture) throws {
    let policy = try Launch.policy(architecture: architecture, mode: .report)
    let program = Self.changing(try Program(compiling: policy), architecture.fatalNumber) { $0.operand += 1 }
    let refutation = try #require(throws: Refutation.self) { _ = try Proof(of: program, against: policy) }
    let example = try #require(refutation.counterExample)
    #expect(example.request.number == architecture.fatalNumber && example.action == .trap)
  }

  @Test("runs a program as the tests' own machine does", arguments: 300..<304)
  func runsAlike(_ seed: UInt64) throws {
    var generator = SplitMix(seed: seed)
    let program = try Program(compiling: Launch.policy(disks: 2, taps: 2, mode: .report))
    let (filter, machine) = (try DecodedProgram(decoding: program), Machine(program: program))
    let constants = program.instructions.map(\.operand) + [0, 1, .max]
    for _ in 0..<2000 {
      var request = Request(architecture: Architecture.x86_64.rawValue, number: 0)
      for word in 0..<14 where word != 1 || Int.random(in: 0..<8, using: &generator) == 0 {
        request[word] = constants.randomElement(using: &generator) ?? 0
      }
      #expect(machine.run((0..<14).map { request[$0] }) == .action(filter.action(for: request)), "seed \(seed)")
    }
  }

  @Test("lays an instruction out as the kernel does")
  func laysOut() {
    #expect(MemoryLayout<Instruction>.size == 8 && MemoryLayout<Instruction>.stride == 8)
    let instruction = Instruction(code: 0x0201, skipTrue: 3, skipFalse: 4, operand: 0x0807_0605)
    // SAFETY: the bytes are copied while the value is borrowed.
    #expect(unsafe withUnsafeBytes(of: instruction) { unsafe Array($0) } == [1, 2, 3, 4, 5, 6, 7, 8])
  }

  @Test("puts each word of a request in its place")
  func placesWords() {
    var request = Request(1, 2, [0x1111_1111_2222_2222, 3, 4, 5, 6, 0x7777_7777_8888_8888])
    #expect(
      (0..<14).map { request[$0] } == [
        2, 1, 0x2222_2222, 0x1111_1111, 3, 0, 4, 0, 5, 0, 6, 0, 0x8888_8888, 0x7777_7777,
      ])
    for word in 0..<14 { request[word] = UInt32(100 + word) }
    #expect((0..<14).map { request[$0] } == Array(100..<114))
    #expect(request.arguments[5] == 113 << 32 | 112)
  }
}

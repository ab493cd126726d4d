import Host
@testable import Filters
import Policy
import Review
import Testing
import Text

/// To add one: a row of `pairs`, two filters and the status; or of `answers`, two actions and the status each way.
@Suite("the difference of two filters")
struct DifferenceTests {
  static let pairs: [(a: String, b: String, status: Int32)] = [
    ("console", "console", 0), ("console", "block", 3), ("block", "console", 1), ("block", "block:ro", 1),
    ("block:ro", "block", 3), ("block", "net", 3), ("net", "2net", 3), ("2net", "net", 1),
    ("console@x86_64", "console@aarch64", 3), ("2block", "block+block:ro", 1),
    ("console,report", "console, report", 0), ("console", "console,report", 3), ("console,report", "console", 1),
    ("block,report", "block:ro,report", 1), ("block:ro@aarch64,report", "block@aarch64,report", 3),
  ]

  @Test("has the documented status", arguments: pairs)
  func status(_ pair: (a: String, b: String, status: Int32)) throws {
    let difference = try Difference(from: NamedFilter(pair.a).subject(), to: NamedFilter(pair.b).subject())
    #expect(difference.status.rawValue == pair.status)
    #expect(difference.entries.isEmpty == (pair.status == 0))
  }

  @Test(
    "between a policy and its own program there is none",
    arguments: ["console", "2block+net", "console@aarch64"], [Policy.Mode.kill, .report])
  func program(_ name: String, _ mode: Policy.Mode) throws {
    var selection = try #require(Selection(short: name))
    selection.mode = mode
    let listing = try PolicyListing(selection.launch, selection: nil)
    let difference = try Difference(from: .policy(listing.policy), to: .program(listing.program, name: name))
    #expect(difference.status == .yes)
  }

  @Test("says which calls, and which arguments")
  func words() throws {
    let difference = try Difference(
      from: NamedFilter("block:ro@x86_64").subject(), to: NamedFilter("block@x86_64").subject())
    let entry = try #require(difference.entries.first)
    #expect(difference.entries.count == 1)
    #expect(entry.kind == .added)
    #expect(entry.numbers.intervals == [18...18])
    #expect(entry.lost.isEmpty)
    #expect(
      entry.gained.map { $0.map(\.words) } == [
        ["4", "0x400000000000 to 0x40001fffffff", "0 to 0x100000", "0 to 0x3fffffff", "anything", "anything"]
      ])
    let request = entry.example.request
    #expect(try NamedFilter("block@x86_64").policy()?.allows(request) == true)
    #expect(try NamedFilter("block:ro@x86_64").policy()?.allows(request) == false)
  }

  @Test("an action that is milder than death is a widening")
  func milder() throws {
    let policy = try #require(try NamedFilter("console@x86_64").policy())
    var program = try policy.compiled()
    for index in program.instructions.indices where program.instructions[index].operand == 0x8000_0000 {
      guard program.instructions[index].code == 6 else { continue }
      program.instructions[index].operand = 0x5_0001
    }
    #expect(try Difference(from: .policy(policy), to: .program(program, name: "errno")).status == .wider)
    #expect(try Difference(from: .program(program, name: "errno"), to: .policy(policy)).status == .no)
  }

  /// A program that answers one call with an action, and every other with death.
  private static func program(_ action: UInt32) -> Program {
    Program(instructions: [
      Instruction(code: 0x20, operand: 4), Instruction(code: 0x15, skipFalse: 3, operand: 0xc000_003e),
      Instruction(code: 0x20, operand: 0), Instruction(code: 0x15, skipFalse: 1, operand: 39),
      Instruction(code: 6, operand: action), Instruction(code: 6, operand: 0x8000_0000),
    ])
  }

  private static func compare(_ a: Program, _ b: Program) throws -> Difference {
    try Difference(from: .program(a, name: "a"), to: .program(b, name: "b"))
  }

  /// Two actions, and the status of the difference there and back.
  static let answers: [(a: UInt32, b: UInt32, there: Int32, back: Int32)] = [
    // What the kernel doesn't know kills the process.
    (0x7ffe_0000, 0x7fff_0000, 3, 1), (0x7ffe_0000, 0x8000_0000, 0, 0), (0x1_0000, 0x8000_0000, 0, 0),
    (0x7ffd_0000, 0x7ffc_0000, 3, 1), (0x9000_0000, 0x8000_0000, 0, 0), (0xffff_ffff, 0x8000_0001, 0, 0),
    // The log is lost, or kept.
    (0x7ffc_0000, 0x7fff_0000, 3, 1),
    // Errors, a pretended success among them; no number is above 4095.
    (0x5_0001, 0x5_0026, 3, 3), (0x5_0001, 0x5_0000, 3, 3), (0x5_0fff, 0x5_ffff, 0, 0),
    // What a handler or a tracer is told.
    (0x3_0000, 0x3_0001, 3, 3), (0x7ff0_0000, 0x7ff0_0001, 3, 3),
    // Data that nobody uses.
    (0x7fff_0000, 0x7fff_0001, 0, 0), (0x7ffc_0000, 0x7ffc_0001, 0, 0), (0x7fc0_0000, 0x7fc0_0001, 0, 0),
    (0, 1, 0, 0),
    (0x8000_0000, 0, 3, 1), (0, 0x3_0000, 3, 1), (0x3_0000, 0x5_0000, 3, 1), (0x5_0000, 0x7fc0_0000, 3, 1),
    (0x7fc0_0000, 0x7ff0_0000, 3, 1), (0x7ff0_0000, 0x7ffc_0000, 3, 1),
  ]

  @Test("every action counts for what the kernel does on it", arguments: answers)
  func actions(_ pair: (a: UInt32, b: UInt32, there: Int32, back: Int32)) throws {
    let (a, b) = (Self.program(pair.a), Self.program(pair.b))
    #expect(try Self.compare(a, b).status.rawValue == pair.there)
    #expect(try Self.compare(b, a).status.rawValue == pair.back)
  }

  @Test("the answers are named")
  func named() throws {
    #expect(
      try Self.compare(Self.program(0x5_0001), Self.program(0x5_0000)).text.contains(
        "for example getpid(0x0, 0x0, 0x0, 0x0, 0x0, 0x0): answered by error 1 before, passed off as done after\n"))
    #expect(try Self.compare(Self.program(0x7ffc_0000), Self.program(0x7fff_0000)).entries.map(\.kind) == [.answered])
  }

  @Test("what a process may is the strictest answer of all its filters, as the kernel compares them")
  func stacked() throws {
    func names(_ actions: UInt32...) throws -> [String] {
      try AllowedCalls(of: actions.map(Self.program), name: "x").entries.map(\.name)
    }
    #expect(try names(0x7fff_0000) == ["getpid"])
    #expect(try names(0x7ffc_0000, 0x7fff_0000) == ["getpid"])
    #expect(try names(0x7ffe_0000) == [])
    #expect(try names(0x7ffe_0000, 0x7fff_0000) == [])
    // Compared before it is known: the log's order is below.
    #expect(try names(0x7ffe_0000, 0x7ffc_0000) == ["getpid"])
  }

  /// Conditions too irregular to list, on the architecture, the number and an argument.
  static let irregular: [[Instruction]] = [0, 4, 16].flatMap { word in
    [0x1, 0x5555_5555].map { mask in
      [
        Instruction(code: 0x20, operand: word), Instruction(code: 0x54, operand: mask),
        Instruction(code: 0x15, skipFalse: 3, operand: mask & 0x4041_4101),
        Instruction(code: 0x20, operand: 4), Instruction(code: 0x45, skipFalse: 1, operand: 2),
        Instruction(code: 6, operand: 0x7fff_0000), Instruction(code: 6, operand: 0x8000_0000),
      ]
    }
  }

  @Test("an example is a call that the two treat differently, whatever the shape", arguments: irregular)
  func examples(_ instructions: [Instruction]) throws {
    let program = Program(instructions: instructions)
    for other in [Self.program(0x7fff_0000), Self.program(0x8000_0000)] {
      let filters = (try DecodedProgram(decoding: other), try DecodedProgram(decoding: program))
      let difference = try Self.compare(other, program)
      #expect(!difference.entries.isEmpty)
      for entry in difference.entries {
        let request = entry.example.request
        let answers = (filters.0.action(for: request), filters.1.action(for: request))
        #expect(answers.0 != answers.1, "\(difference.text)")
        #expect(
          entry.example.before == FilterAction(answers.0.rawValue)
            && entry.example.after == FilterAction(answers.1.rawValue))
        #expect(entry.architecture.intervals.isEmpty || entry.architecture.contains(UInt64(request.architecture)))
        #expect(entry.numbers.intervals.isEmpty || entry.numbers.contains(UInt64(request.number)))
      }
      for word in ["architecture and more", "calls 0 to 0xffffffff(", "on architecture 0x0:"] {
        #expect(!difference.text.contains(word), "\(difference.text)")
      }
    }
  }

  @Test("a bound widened by one is found, with the call that shows it")
  func offByOne() throws {
    let policy = try #require(try NamedFilter("console@x86_64").policy())
    var program = try policy.compiled()
    let index = try #require(program.instructions.firstIndex { $0.operand == 0x10_0000 })
    program.instructions[index].operand += 1
    let difference = try Difference(from: .policy(policy), to: .program(program, name: "wider"))
    #expect(difference.status == .wider)
    #expect(difference.entries.map { $0.gained.map { $0[2].words } } == [["0x100001"]])
    #expect(throws: VerificationError.self) { try Verification(program, against: policy, name: "wider") }
  }

  @Test("the verifiers agree on a program of the other mode, and on any kill in place of a trap")
  func verifiersAgree() throws {
    let policy = try #require(try NamedFilter("block+net,report").policy())
    let kill = try #require(try NamedFilter("block+net").policy())
    var programs = [try kill.compiled()]
    let program = try policy.compiled()
    for index in program.instructions.indices where program.instructions[index].operand == 0x3_0000 {
      guard program.instructions[index].code == 6 else { continue }
      var changed = program
      changed.instructions[index].operand = 0x8000_0000
      programs.append(changed)
    }
    #expect(programs.count > 1)
    for changed in programs {
      #expect(try Difference(from: .policy(policy), to: .program(changed, name: "x")).status == .no)
      let failure = #expect(throws: VerificationError.self) { try Verification(changed, against: policy, name: "x") }
      #expect(
        failure?.verdict == .refuted && failure?.message.contains("wants SIGSYS for") == true,
        "\(failure?.message ?? "")"
      )
    }
  }

  @Test("an equal program that the proof is too weak for isn't called refuted")
  func notShown() throws {
    let policy = try #require(try NamedFilter("console@x86_64").policy())
    var program = try policy.compiled()
    // A jump field on a load, which the kernel takes no notice of.
    let load = try #require(program.instructions.firstIndex { $0.code == 0x20 })
    program.instructions[load].skipTrue = 1
    #expect(try Difference(from: .policy(policy), to: .program(program, name: "x")).status == .yes)
    let failure = #expect(throws: VerificationError.self) { try Verification(program, against: policy, name: "x") }
    #expect(failure?.verdict == .notShown)
    #expect(failure?.message.hasPrefix("x: not shown: an instruction that is no comparison has jumps") == true)
    #expect(failure?.message.contains("refuse") == false)
  }

  @Test("programs that are none are refused", arguments: [[], [1, 2, 3], Array(repeating: 0, count: 7)] as [[UInt8]])
  func malformed(_ bytes: [UInt8]) { #expect(throws: Complaint.self) { try ProgramFile.program(bytes, name: "x") } }

  @Test("a foreign program is refused with the instruction's index")
  func foreign() throws {
    let program = Program(instructions: [Instruction(code: 0x81), Instruction(code: 6)])
    #expect(throws: Complaint("x: instruction 0: code 0x81 is not modelled")) {
      try Difference(from: .program(program, name: "x"), to: .program(program, name: "x"))
    }
  }
}

extension ArgumentSet {
  /// Whether a value is among those that are listed.
  fileprivate func contains(_ value: UInt64) -> Bool { intervals.contains { $0.contains(value) } }
}

@testable import Filters
import Policy
import Review
import Testing
import Text

/// To add one: a selection's short form in `selections`, or in `largest`.
@Suite("decision diagrams")
struct DiagramTests {
  static let selections = [
    "console", "block", "block:ro", "net", "2block+block:ro+2net", "console@aarch64", "8block+8net@aarch64",
  ]

  @Test("the compiled program and the policy are one function", arguments: selections)
  func sameFunction(_ name: String) throws {
    for mode in [Policy.Mode.kill, .report] {
      var selection = try #require(Selection(short: name))
      selection.mode = mode
      let policy = try selection.launch.policy()
      let program = try Program(compiling: policy)
      var diagram = Diagram()
      let said = diagram.add(policy)
      let done = try diagram.add(program, name: name)
      let differing = try diagram.combine(said, done) {
        ($0 == Action.allow.rawValue) != ($1 == Action.allow.rawValue) ? 1 : 0
      }
      #expect(diagram.values(of: differing) == [0])
    }
  }

  @Test("a diagram agrees with the interpreter on random calls, broken programs included")
  func agreesWithInterpreter() throws {
    let policy = try #require(Selection(short: "2block+net")).launch.policy()
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      var program = try Program(compiling: policy)
      let index = Int.random(in: 0..<program.instructions.count, using: &generator)
      program.instructions[index].operand ^= 1 << UInt32.random(in: 0..<32, using: &generator)
      guard let filter = try? DecodedProgram(decoding: program) else { continue }
      var diagram = Diagram()
      let node = try diagram.add(program, name: "test")
      for rule in policy.rules {
        var request = Request(architecture: Architecture.native.rawValue, number: rule.call.number(on: .native))
        for index in rule.conditions.indices { request.arguments[index] = rule.conditions[index].value }
        request.arguments[Int.random(in: 0..<6)] &+= UInt64.random(in: 0..<3)
        #expect(diagram.value(of: node, for: request) == filter.action(for: request).rawValue)
      }
      for value in diagram.values(of: node) {
        let example = try #require(diagram.example(of: node) { $0 == value })
        #expect(filter.action(for: example).rawValue == value)
      }
    }
  }

  /// A program that allows whatever shares a bit between the low halves of the first two arguments.
  private static var irregular: Program {
    var instructions: [Instruction] = []
    for bit in 0..<32 as Range<UInt32> {
      // If bit n of argument 0 is set and so is bit n of argument 1: the end.
      instructions += [
        Instruction(code: 0x20, operand: 16), Instruction(code: 0x45, skipFalse: 3, operand: 1 << bit),
        Instruction(code: 0x20, operand: 24), Instruction(code: 0x45, skipFalse: 1, operand: 1 << bit),
        Instruction(code: 0x06, operand: Action.allow.rawValue),
      ]
    }
    return Program(instructions: instructions + [Instruction(code: 0x06, operand: Action.killProcess.rawValue)])
  }

  @Test("a program that takes more decisions than there are atoms is refused, in every comparison")
  func irregular() throws {
    #expect(throws: Complaint.self) { try AllowedCalls(of: [Self.irregular], name: "test") }
    let policy = try #require(Selection(short: "console")).launch.policy()
    #expect(throws: Complaint.self) {
      try Difference(from: .policy(policy), to: .program(Self.irregular, name: "test"))
    }
    #expect(throws: Complaint.self) { try Verification(Self.irregular, against: policy, name: "test") }
  }

  @Test(
    "the largest policies take a fraction of the decisions that may be made",
    arguments: ["63block", "63net", "21block+21block:ro+21net"])
  func largest(_ name: String) throws {
    let policy = try #require(Selection(short: name)).launch.policy()
    var diagram = Diagram(limit: 1 << 16)
    let said = diagram.add(policy)
    let done = try diagram.add(Program(compiling: policy), name: name)
    _ = try diagram.combine(said, done) { $0 == $1 ? 0 : 1 }
  }
}

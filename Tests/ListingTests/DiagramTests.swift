import Policy
import Testing

@testable import Listing

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
      let differing = diagram.combine(said, done) {
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
      guard let filter = try? Filter(decoding: program) else { continue }
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
}

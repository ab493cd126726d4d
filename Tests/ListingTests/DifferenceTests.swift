import Policy
import Testing

@testable import Listing

@Suite("the difference of two filters")
struct DifferenceTests {
  static let pairs: [(a: String, b: String, status: Int32)] = [
    ("console", "console", 0), ("console", "block", 2), ("block", "console", 1), ("block", "block:ro", 1),
    ("block:ro", "block", 2), ("block", "net", 2), ("net", "2net", 2), ("2net", "net", 1),
    ("console@x86_64", "console@aarch64", 2), ("2block", "block+block:ro", 1),
  ]

  @Test("has the documented status", arguments: pairs)
  func status(_ pair: (a: String, b: String, status: Int32)) throws {
    let difference = try Difference(from: Operand(pair.a).subject(), to: Operand(pair.b).subject())
    #expect(difference.status == pair.status)
    #expect(difference.entries.isEmpty == (pair.status == 0))
  }

  @Test("between a policy and its own program there is none", arguments: ["console", "2block+net"])
  func program(_ name: String) throws {
    let listing = try PolicyListing(#require(Selection(short: name)).launch, selection: nil)
    let difference = try Difference(from: .policy(listing.policy), to: .program(listing.program, name: name))
    #expect(difference.status == 0)
  }

  @Test("says which calls, and which arguments")
  func words() throws {
    let difference = try Difference(from: Operand("block:ro@x86_64").subject(), to: Operand("block@x86_64").subject())
    let entry = try #require(difference.entries.first)
    #expect(difference.entries.count == 1)
    #expect(entry.kind == .added)
    #expect(entry.numbers.intervals == [18...18])
    #expect(entry.lost.isEmpty)
    #expect(
      entry.gained.map { $0.map(\.words) } == [
        ["4", "0x400000000000 to 0x40001fffffff", "0 to 0x100000", "0 to 0x3fffffff", "anything", "anything"]
      ])
    let request = try #require(entry.example)
    #expect(try Operand("block@x86_64").policy()?.allows(request) == true)
    #expect(try Operand("block:ro@x86_64").policy()?.allows(request) == false)
  }

  @Test("an action that is milder than death is a widening")
  func milder() throws {
    let policy = try #require(try Operand("console@x86_64").policy())
    var program = try policy.compiled()
    for index in program.instructions.indices where program.instructions[index].operand == 0x8000_0000 {
      guard program.instructions[index].code == 6 else { continue }
      program.instructions[index].operand = 0x5_0001
    }
    #expect(try Difference(from: .policy(policy), to: .program(program, name: "errno")).status == 2)
    #expect(try Difference(from: .program(program, name: "errno"), to: .policy(policy)).status == 1)
  }

  @Test("a bound widened by one is found, with the call that shows it")
  func offByOne() throws {
    let policy = try #require(try Operand("console@x86_64").policy())
    var program = try policy.compiled()
    let index = try #require(program.instructions.firstIndex { $0.operand == 0x10_0000 })
    program.instructions[index].operand += 1
    let difference = try Difference(from: .policy(policy), to: .program(program, name: "wider"))
    #expect(difference.status == 2)
    #expect(difference.entries.map { $0.gained.map { $0[2].words } } == [["0x100001"]])
    #expect(throws: Verification.Failure.self) { try Verification(program, against: policy, name: "wider") }
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

import Filters
import Policy
@testable import Review
import Testing

/// To add one: a function that looks at one format of a `listing`.
@Suite("the formats of a filter")
struct FormatTests {
  private func listing(_ short: String, _ mode: Policy.Mode) throws -> PolicyListing {
    var selection = try #require(Selection(short: short))
    selection.mode = mode
    return try PolicyListing(selection.launch, selection: nil)
  }

  @Test("pseudo-code in report mode has the numbers that are killed, as the program kills them")
  func foreign() throws {
    let listing = try listing("console@x86_64", .report)
    #expect(listing.pseudo.contains("case 110: kill process\ncase 0x40000000 to 0xfffffffe: kill process\n}\ntrap\n"))
    let filter = try DecodedProgram(decoding: listing.program)
    func action(_ number: UInt32) -> Action {
      filter.action(for: Request(architecture: Architecture.x86_64.rawValue, number: number))
    }
    for number in [110, 0x4000_0000, 0x4000_0001, 0x8000_0000, 0xffff_fffe] as [UInt32] {
      #expect(action(number) == .killProcess, "\(number)")
    }
    for number in [109, 111, 0x3fff_ffff, 0xffff_ffff] as [UInt32] { #expect(action(number) == .trap, "\(number)") }
  }

  @Test("pseudo-code has no such numbers where every number is killed, or none is another convention's")
  func ownOnly() throws {
    #expect(try !listing("console@x86_64", .kill).pseudo.contains("0x40000000 "))
    #expect(try !listing("console@aarch64", .report).pseudo.contains(" to "))
  }

  @Test("assembly names every action there is, and says what others do")
  func assembly() throws {
    let actions: [UInt32] = [
      0x7fff_0000, 0x7ffc_0000, 0x7ff0_0007, 0x7fc0_0000, 0x5_0001, 0x3_0000, 0, 0x8000_0000, 0x7ffe_0000,
    ]
    let program = Program(instructions: actions.map { Instruction(code: 6, operand: $0) })
    let words = try program.assembly(name: "x").split(separator: "\n").map { $0.dropFirst(13) }
    #expect(
      words == [
        "ALLOW", "LOG", "TRACE 7", "USER_NOTIF", "ERRNO 1", "TRAP", "KILL_THREAD", "KILL_PROCESS",
        "0x7ffe0000  ; unknown: kills the process",
      ])
  }
}

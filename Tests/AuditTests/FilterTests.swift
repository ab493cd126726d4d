import CLinux
import CSubject
import Glibc
import Listing
import Policy
import Testing

@testable import Audit

@Suite("the audit of filters", .serialized, .enabled(if: geteuid() == 0, "needs root"))
struct FilterTests {
  private static let allow = Instruction(code: 0x06, operand: Action.allow.rawValue)
  private static let kill = Instruction(code: 0x06, operand: Action.killProcess.rawValue)

  /// A program that does as some instructions say for one number of this machine's, and else kills.
  private static func program(for number: UInt32, _ body: [Instruction]) -> Program {
    let head = [
      Instruction(code: 0x20, operand: 4), Instruction(code: 0x15, skipTrue: 1, operand: Architecture.native.rawValue),
      kill, Instruction(code: 0x20, operand: 0), Instruction(code: 0x15, skipTrue: 1, operand: number), kill,
    ]
    return Program(instructions: head + body + [allow])
  }

  /// Instructions that go on where an argument has a value below 2^32, and else kill.
  private static func pin(_ argument: UInt32, to value: UInt32) -> [Instruction] {
    [
      Instruction(code: 0x20, operand: 16 + 8 * argument), Instruction(code: 0x15, skipTrue: 1, operand: value), kill,
      Instruction(code: 0x20, operand: 20 + 8 * argument), Instruction(code: 0x15, skipTrue: 1, operand: 0), kill,
    ]
  }

  private func audit(_ process: Int32) throws -> [String: Finding] {
    try #require(process > 0)
    usleep(100_000)
    let audit = try Audit(of: process, receipt: nil)
    return Dictionary(uniqueKeysWithValues: audit.findings.map { ($0.name, $0) })
  }

  private func audit(of program: Program) throws -> [String: Finding] {
    let process = unsafe program.withFilter { unsafe csubject_filtered($0, $1) }
    defer { End.kill(process) }
    return try audit(process)
  }

  @Test("an argument that a call takes is open or isn't, for calls that no policy names too")
  func arguments() throws {
    let pinned = try audit(of: Self.program(for: UInt32(SYS_pause), []))["arguments-pinned"]
    #expect(pinned?.verdict == .yes)
    let directory = Self.program(for: UInt32(SYS_openat), Self.pin(0, to: 5))
    #expect(try audit(of: directory)["arguments-pinned"]?.verdict == .no)
    let whole = Self.program(for: UInt32(SYS_openat), (0..<4).flatMap { Self.pin($0, to: 5) })
    #expect(try audit(of: whole)["arguments-pinned"]?.verdict == .yes)
    // A number that no call has yet: how many arguments it will take, nobody knows.
    let unknown = try audit(of: Self.program(for: 1000, Self.pin(0, to: 5)))["arguments-pinned"]
    #expect(unknown?.verdict == .unseen)
    #expect(unknown?.detail.contains("call 1000") == true)
    let all = Self.program(for: 1000, (0..<6).flatMap { Self.pin($0, to: 5) })
    #expect(try audit(of: all)["arguments-pinned"]?.verdict == .yes)
  }
}

@testable import Audit
import CLinux
import CSubject
import Glibc
import Policy
import Procfs
import Testing
import Text

/// To add one: a function that makes a `Program` by `Self.program(for:_:)` and looks at the findings of `audit(of:)`.
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

  private func audit(_ process: Int32) throws -> [String: AuditFinding] {
    try #require(process > 0)
    usleep(100_000)
    let audit = try Audit(of: process, receipt: nil)
    return Dictionary(uniqueKeysWithValues: audit.findings.map { ($0.name, $0) })
  }

  private func audit(of program: Program) throws -> [String: AuditFinding] {
    let process = unsafe program.withFilter { unsafe csubject_filtered($0, $1) }
    defer { End.kill(process) }
    return try audit(process)
  }

  @Test("a thread that takes the name of one of KVM's is asked for its filter")
  func hiddenThread() throws {
    let process = csubject_hidden_thread()
    defer { End.kill(process) }
    let findings = try audit(process)
    #expect(findings["seccomp"]?.verdict == .yes)
    for name in ["one-thread", "few-system-calls", "arguments-pinned", "foreign-calls-refused"] {
      #expect(findings[name]?.verdict == .no, "\(name)")
    }
  }

  @Test("each of a process's threads counts, whatever its name")
  func threads() throws {
    let process = csubject_two_threads()
    defer { End.kill(process) }
    #expect(try audit(process)["one-thread"]?.detail == "2 threads")
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
    #expect(unknown?.verdict == .no)
    #expect(unknown?.detail.contains("call 1000") == true)
    let all = Self.program(for: 1000, (0..<6).flatMap { Self.pin($0, to: 5) })
    #expect(try audit(of: all)["arguments-pinned"]?.verdict == .yes)
  }

  @Test("an argument of which a filter leaves out some values is as good as open")
  func nearlyOpen() throws {
    func leavesOut(_ argument: UInt32) -> [Instruction] {
      [
        Instruction(code: 0x20, operand: 16 + 8 * argument),
        Instruction(code: 0x15, skipFalse: 1, operand: 0x7fff_fffe), Self.kill,
      ]
    }
    let findings = try audit(of: Self.program(for: UInt32(SYS_openat), (0..<4).flatMap(leavesOut)))
    #expect(findings["arguments-pinned"]?.verdict == .no)
    // One alone is enough.
    let body = (0..<3 as Range<UInt32>).flatMap { Self.pin($0, to: 5) } + leavesOut(3)
    #expect(try audit(of: Self.program(for: UInt32(SYS_openat), body))["arguments-pinned"]?.verdict == .no)
  }

  @Test("numbers without a name count: a newer kernel has calls there", arguments: [470...560, 335...423])
  func unnamed(_ numbers: ClosedRange<UInt32>) throws {
    var instructions = Self.program(for: UInt32(SYS_pause), []).instructions
    instructions[4...] = [
      Instruction(code: 0x15, skipTrue: 2, operand: UInt32(SYS_pause)),
      Instruction(code: 0x35, skipFalse: 2, operand: numbers.lowerBound),
      Instruction(code: 0x25, skipTrue: 1, operand: numbers.upperBound), Self.allow, Self.kill,
    ]
    let findings = try audit(of: Program(instructions: instructions))
    for name in ["few-system-calls", "arguments-pinned"] { #expect(findings[name]?.verdict == .no, "\(name)") }
    #expect(findings["foreign-calls-refused"]?.verdict == .yes)
  }

  @Test("a filter too irregular to compare is one that says nothing good", .timeLimit(.minutes(1)))
  func irregular() throws {
    let body = (0..<32 as Range<UInt32>).flatMap { bit in
      [
        Instruction(code: 0x20, operand: 16), Instruction(code: 0x45, skipFalse: 3, operand: 1 << bit),
        Instruction(code: 0x20, operand: 24), Instruction(code: 0x45, skipFalse: 1, operand: 1 << bit), Self.allow,
      ]
    }
    let findings = try audit(of: Program(instructions: body + [Self.kill]))
    for name in ["few-system-calls", "arguments-pinned", "foreign-calls-refused", "seccomp-filter"] {
      #expect(findings[name]?.verdict == .no, "\(name)")
    }
  }

  @Test("a forbidden call that is answered by a handler, a tracer or another process isn't refused by death")
  func milder() throws {
    let kills = try audit(of: Self.program(for: UInt32(SYS_pause), []))["forbidden-calls-kill"]
    #expect(kills?.verdict == .yes)
    for action in [0x0003_0000, 0x7fc0_0000, 0x7ff0_0000, 0x7ffc_0000] as [UInt32] {
      var instructions = Self.program(for: UInt32(SYS_pause), []).instructions
      instructions.append(Instruction(code: 0x06, operand: action | 7))
      let unused = try audit(of: Program(instructions: instructions))["forbidden-calls-kill"]
      #expect(unused?.verdict == .yes, "what no call is answered with doesn't count")
      // Where the number is another, the last instruction answers.
      instructions[4] = Instruction(code: 0x15, skipTrue: 1, skipFalse: 2, operand: UInt32(SYS_pause))
      #expect(try audit(of: Program(instructions: instructions))["forbidden-calls-kill"]?.verdict == .no)
    }
  }

  @Test("a process that can't be stopped holds nobody up, and is let go of", .timeLimit(.minutes(1)))
  func cannotStop() throws {
    let process = csubject_vfork()
    defer { End.kill(process) }
    usleep(100_000)
    let subject = try Subject(process)
    do throws(Doubt) {
      _ = try FilterReader.programs(of: [process])
      #expect(Bool(false), "it was stopped")
    } catch {
      #expect(error == .refuted("thread \(process) can't be stopped, as one that waits for a child of vfork"))
    }
    usleep(20_000)
    #expect(try subject.task(process)?.status["TracerPid"] == "0")
  }

  @Test("no signal is lost")
  func signals() throws {
    let count: Int64 = 400_000
    guard let signals = unsafe csubject_share() else { return #expect(Bool(false), "no shared memory") }
    let process = unsafe csubject_receiver(signals, count)
    defer { End.kill(process) }
    var audits = 0
    while unsafe signals.pointee.done == 0 {
      guard let programs = try? FilterReader.programs(of: [process]), !programs.isEmpty else { continue }
      audits += 1
    }
    for _ in 0..<100 where unsafe signals.pointee.received < count { usleep(20_000) }
    let received = unsafe signals.pointee.received
    #expect(received == count)
    #expect(audits > 10)
  }
}

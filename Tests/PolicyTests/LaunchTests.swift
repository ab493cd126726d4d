import Policy
import Testing

/// To add one: a `Case` in `cases`: how many disks and networks a launch has.
@Suite("Programs of launches")
struct LaunchTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let disks: Int
    let taps: Int
    var writable = true
    var testDescription: String { "\(disks) disks, \(taps) networks\(writable ? "" : ", read only")" }
  }

  static let cases = [
    Case(disks: 0, taps: 0), Case(disks: 1, taps: 0), Case(disks: 0, taps: 1), Case(disks: 1, taps: 1),
    Case(disks: 1, taps: 1, writable: false), Case(disks: 8, taps: 8), Case(disks: 63, taps: 0),
    Case(disks: 63, taps: 0, writable: false), Case(disks: 0, taps: 63),
  ]

  @Test("are proved", arguments: cases, Architecture.allCases)
  func isProved(_ launch: Case, _ architecture: Architecture) throws {
    for mode in [Policy.Mode.kill, .report] {
      let policy = try Launch.policy(
        disks: launch.disks, taps: launch.taps, writable: launch.writable, architecture: architecture, mode: mode)
      let program = try Program(compiling: policy)
      let proof = try Proof(of: program, against: policy)
      print(launch.testDescription, architecture, mode, program.instructions.count, proof)
    }
  }

  @Test("of a console need seven system calls, with block and network ten")
  func countsCalls() throws {
    #expect(Set(try Launch.policy().calls) == [.ioctl, .write, .ppoll, .clockGettime, .munmap, .close, .exitGroup])
    #expect(try Launch.policy(disks: 1, taps: 1).calls.count == 10)
    #expect(try Launch.policy(disks: 1, taps: 1, writable: false).calls.count == 9)
    #expect(try Launch.policy(disks: 1).calls.count == 9)
    #expect(try Launch.policy(taps: 1).calls.count == 8)
  }
}

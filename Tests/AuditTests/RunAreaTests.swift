import Host
import Policy
import Procfs
import Testing
import Text

@testable import Audit

/// To add one: a line of a map among the arguments.
@Suite("where a launch has the vCPU's run area")
struct RunAreaTests {
  private static let launch = Launch(
    vcpu: 5, runArea: 0x9000, runAreaSize: 0x3000, fixedBlock: 0x6000, memory: 0x20_0000, window: 0x20_0000, devices: []
  )
  private static let others = [
    "6000-7000 rw-p 00000000 00:00 0", "200000-400000 rw-p 00000000 00:00 0", "400000-500000 ---p 00000000 00:00 0",
  ]

  private static func confirm(_ line: String) throws {
    let lines = [line] + others
    try ObservedLaunch.confirm(launch, lines.compactMap { MapRegion(Text($0)) })
  }

  private static func vcpu(_ range: String, _ permissions: String) -> String {
    "\(range) \(permissions) 00000000 \(AnonymousInodes.printed.map { String($0) } ?? "") 12 anon_inode:kvm-vcpu:0"
  }

  @Test("is the vCPU's memory, all of it")
  func confirmed() throws { try Self.confirm(Self.vcpu("9000-c000", "rw-s")) }

  @Test(
    "is refused elsewhere, of another size, private, or of something else",
    arguments: [
      vcpu("a000-d000", "rw-s"), vcpu("9000-b000", "rw-s"), vcpu("9000-d000", "rw-s"), vcpu("9000-c000", "rw-p"),
      "9000-c000 rw-s 00000000 00:00 0 anon_inode:kvm-vcpu:0", "9000-c000 rw-p 00000000 00:00 0",
    ])
  func refuted(_ line: String) {
    #expect(throws: Doubt.self) { try Self.confirm(line) }
  }
}

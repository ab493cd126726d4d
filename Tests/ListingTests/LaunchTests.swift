import CLinux
import Host
import Machine
import Policy
import Tender
import Testing

@testable import Listing

@Suite("the values of a launch")
struct LaunchTests {
  @Test("are those that the tender binds, name by name", arguments: [0, 1, 63])
  func sameAsTender(_ taps: Int) throws {
    let block = try FixedBlock(program: [])
    let memory = try GuestMemory(size: 2 << 20, segments: 1)
    let tender = PolicyBindings.common(block, memory, vcpu: 7, polled: taps)
    let launch = Launch(
      vcpu: 7, fixedBlock: UInt64(block.start), memory: UInt64(memory.base), window: memory.window,
      devices: (0..<taps).map { Launch.Device(name: "\($0)", descriptor: UInt64(8 + $0), kind: .net) })
    #expect(Set(launch.bindings.map { "\($0.name)=\($0.value)" }) == Set(tender.map { "\($0.name)=\($0.value)" }))
  }

  @Test(
    "a selection's short form reads back",
    arguments: ["console@x86_64", "2block+block:ro+63net@aarch64", "63net@x86_64"])
  func shortForm(_ short: String) {
    let selection = Selection(short: short)
    #expect(selection.map(\.short) == (short.contains("63net") && short.contains("2block") ? nil : short))
  }

  @Test(
    "what is no selection is refused",
    arguments: ["", "disk", "block+", "64net", "net@mips", "-1net", "block@x86_64@x86_64"])
  func noSelection(_ text: String) { #expect(Selection(short: text) == nil) }
}

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
    arguments: [
      "console@x86_64", "2block+block:ro+60net@aarch64", "63net@x86_64", "console@aarch64, report",
      "block+net@x86_64, report",
    ])
  func shortForm(_ short: String) throws {
    let selection = try #require(Selection(short: short))
    #expect(selection.short == short)
    #expect(selection.mode == (short.hasSuffix("report") ? .report : .kill))
    #expect(Selection(short: short.replacing(" ", with: "")) == selection)
  }

  @Test(
    "what is no selection is refused",
    arguments: [
      "", "disk", "block+", "64net", "net@mips", "-1net", "block@x86_64@x86_64", "2block+block:ro+63net", "net,",
      "net,kill", "net,report,report", ",report", "report", "net, report@x86_64", "net,reports",
    ])
  func noSelection(_ text: String) { #expect(Selection(short: text) == nil) }
}

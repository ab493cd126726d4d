import Policy
@testable import Review
import Testing

/// To add one: a short form in the arguments of `shortForm`, or in those of `noSelection`.
@Suite("selections")
struct SelectionTests {
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

import Testing

@testable import Listing

@Suite("rule coverage")
struct CoverageTests {
  static let receipt = """
    {"version": 1, "tender": "brig-hvt", "pid": 1, "seccomp": {"mode": "kill"}, "kvm": {"vcpu_descriptor": 5},
     "memory": {"base": 70368744177664, "window": 2097152, "fixed_block": 139637976727552}, "devices": []}
    """

  private func coverage(_ trace: String) throws -> RuleCoverage {
    var coverage = RuleCoverage()
    try coverage.add("t", ReceiptRecord(parsing: Array(Self.receipt.utf8), path: "t.json"), trace: Array(trace.utf8))
    return coverage
  }

  @Test("what follows the filter's installation is counted by rule")
  func counts() throws {
    let found = try coverage(
      """
      7 write(0x9, 0x1, 0x1) = 1
      7 seccomp(0x1, 0, 0) = -1 EFAULT (Bad address)
      7 seccomp(0x1, 0x1, 0x7f080c312000) = 0
      7 ioctl(0x5, 0xae80, 0) = 0
      7 write(0x1, 0x4000000000a0, 0x10)  = 0x10
      7 ioctl(0x5, 0xae80, 0 <unfinished ...>
      7 exit_group(0)                     = ?
      7 +++ exited with 0 +++
      """)
    #expect(found.runs.map(\.uses) == [["enter_guest": 2, "print": 1, "end": 1]])
    #expect(found.strays == [])
    #expect(try found.missing() == ["diagnose", "wait", "read_block", "write_block", "receive", "send"])
  }

  @Test("the tenders of one test count together, and the table has a line for it")
  func merges() throws {
    let trace = "7 seccomp(0x1, 0x1, 0x7) = 0\n7 ioctl(0x5, 0xae80, 0) = 0\n"
    var found = try coverage(trace)
    try found.add("t", ReceiptRecord(parsing: Array(Self.receipt.utf8), path: "t.json"), trace: Array(trace.utf8))
    #expect(found.runs.map(\.uses) == [["enter_guest": 2]])
    let lines = try found.table().split(separator: "\n")
    #expect(lines[1].hasPrefix("t ") && lines[1].contains(" 2 "))
    #expect(lines.contains("send: NO TEST NEEDS IT"))
  }

  @Test("a call that no rule allows is told")
  func strays() throws {
    #expect(try coverage("7 seccomp(0x1, 0x1, 0x7) = 0\n7 write(0x3, 0x4000000000a0, 0x10) = 1").strays.count == 1)
  }

  @Test("a trace without a filter is refused")
  func unsealed() { #expect(throws: Complaint.self) { try coverage("7 exit_group(0) = ?") } }
}

import CLinux
import Glibc
import Host
import Receipts
@testable import Review
import Testing
import Text

/// To add one: a function about the `coverage` of a trace; a call that no rule allows is a row of `strays`.
@Suite("rule coverage")
struct CoverageTests {
  static let receipt = """
    {"schema": "brig-receipt", "version": 1, "architecture": "x86_64", "tender": "brig-hvt", "pid": 1, "seccomp": {"mode": "kill"}, "kvm": {"vcpu_descriptor": 5, "run_area": 139706696073216, "run_area_size": 12288},
     "memory": {"base": 70368744177664, "window": 2097152, "fixed_block": 139637976727552}, "devices": []}
    """

  private func coverage(_ traces: String..., receipt: String = receipt) throws -> RuleCoverage {
    var coverage = RuleCoverage()
    for trace in traces {
      try coverage.add("t", ReceiptRecord(parsing: Array(receipt.utf8), path: "t.json"), trace: Array(trace.utf8))
    }
    return coverage
  }

  /// What a tender does for `hello`, as it is recorded.
  static let hello = """
    sealed
    c000003e 10 5 ae80 0 0 0 0
    c000003e 1 1 4000000000a0 10 0 0 0
    c000003e 10 5 ae80 0 0 0 0
    c000003e e7 0 0 0 0 0 0

    """

  @Test("what follows the filter's installation is counted by rule")
  func counts() throws {
    let found = try coverage(Self.hello)
    #expect(found.uses == ["t": ["enter_guest": 2, "print": 1, "end": 1]])
    #expect(found.strays == [])
  }

  @Test("the tenders of one test count together, and the table has a line for it")
  func merges() throws {
    let trace = "sealed\nc000003e 10 5 ae80 0 0 0 0\n"
    let found = try coverage(trace, trace)
    #expect(found.uses == ["t": ["enter_guest": 2]])
    let lines = try found.table().split(separator: "\n")
    #expect(lines[1].hasPrefix("t ") && lines[1].contains(" 2 "))
  }

  @Test("a record of the other architecture is matched with its rules")
  func foreign() throws {
    let found = try coverage(
      "sealed\nc00000b7 1d 5 4010aeab 7f0000000220 0 0 0\nc00000b7 5e 0 0 0 0 0 0\n",
      receipt: Self.receipt.replacing("x86_64", with: "aarch64"))
    #expect(found.uses == ["t": ["read_register": 1, "end": 1]])
    #expect(found.strays == [])
  }

  @Test(
    "a call that no rule allows is told",
    arguments: [
      "c000003e 1 3 4000000000a0 10 0 0 0", "c000003e 39 0 0 0 0 0 0", "40000003 1 1 4000000000a0 10 0 0 0",
      "c00000b7 1 1 4000000000a0 10 0 0 0",
    ])
  func strays(_ call: String) throws {
    let found = try coverage("sealed\nc000003e e7 0 0 0 0 0 0\n\(call)\n")
    #expect(found.strays == ["t: \(call)"])
    #expect(try found.problems().contains("no rule allows t: \(call)"))
  }

  @Test(
    "a trace without a filter, or with lines that are none, is refused",
    arguments: ["", "c000003e e7 0 0 0 0 0 0", "sealed|c000003e e7 0", "sealed|x e7 0 0 0 0 0 0"])
  func malformed(_ lines: String) {
    #expect(throws: Complaint.self) { try coverage(lines.replacing("|", with: "\n")) }
  }

  @Test("a test that left no record of a sealed tender, and one that doesn't need its rule, are told")
  func unrecorded() throws {
    let directory = "/tmp/brig-coverage-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    #expect(unsafe mkdir(directory, 0o755) == 0)
    func write(_ text: String, _ name: String) throws { try Files.write(Array(text.utf8), to: "\(directory)/\(name)") }
    try write(Self.receipt, "hello.7.json")
    try write(Self.hello, "hello.7.trace")
    // One that was refused before its seal, and one whose name only begins so.
    try write("", "mode-ro.8.json")
    try write("", "mode-ro.8.trace")
    try write(Self.receipt, "mode-ro.kept.9.json")
    try write(Self.hello, "badcall-4.1.trace")
    try write(Self.receipt, "badcall-4.1.json")
    let coverage = try RuleCoverage(reading: directory)
    #expect(coverage.uses.keys.sorted() == ["badcall-4", "hello"])
    let problems = try coverage.problems()
    for (test, rule) in [("mode-ro", "read_block"), ("net-udp", "send")] {
      let problem =
        "\(test): ReviewedRule says that this test needs the rule \(rule), and no sealed tender was recorded"
      #expect(problems.contains(problem), "\(problems)")
    }
    for (test, rule) in [("badcall-4", "diagnose")] {
      let problem = "\(test): ReviewedRule says that this test needs the rule \(rule), and it wasn't seen to use it"
      #expect(problems.contains(problem), "\(problems)")
    }
    #expect(!problems.contains { $0.contains("rule print") || $0.contains("read_register") })
  }

  @Test(
    "each rule names tests, and those are there",
    .enabled(if: Files.isExecutable("\(ListingTests.root)/bin/brig-hvt"), "needs bin/brig-hvt and the test guests"))
  func named() throws {
    let runner = Command.quoted("\(ListingTests.root)/Tests/Integration/run")
    let list = Command.output("sh \(runner) --list").split(separator: "\n")
    for (rule, notes) in ReviewedRule.table {
      #expect(!notes.tests.isEmpty, "\(rule)")
      for test in notes.tests {
        #expect(list.contains(Substring(test)), "\(test)")
        #expect(RuleCoverage.tests.contains(test) == (notes.unreached == nil), "\(test)")
      }
    }
  }

  @Test("each rule of a policy has notes")
  func noted() throws { #expect(try !RuleCoverage().problems().contains { $0.hasPrefix("no test needs ") }) }
}

import CLinux
import Policy
import Testing

@testable import Listing

@Suite("the policy's lint")
struct LintTests {
  /// A change to one file, and a word of what is found.
  static let faults: [(file: String, from: String, to: String, finding: String)] = [
    ("constants", "const STDOUT = 1", "const STDOUT = 1\nconst STDIN = 0", "no rule uses the constant `STDIN`"),
    ("halt", "@why  Ends", "# Ends", "does not say what it is for"),
    ("halt", "@rule end", "@rule over", "no launch has the rule `end`"),
    ("halt", "@rule end", "@rule over", "nothing is known"),
    ("halt", "status <= 255", "status & 0 == 0", "leaves 64 bits"),
    ("poll", " && sigsetsize == 0", "", "no condition on `sigsetsize`"),
    ("poll", "nfds <= $polled_count max 64", "nfds <= $polled_count", "how many values `nfds` admits"),
    (
      "console", "@rule print",
      "@rule other\n@for  PUTS\n@why  The same once more.\nwrite: fd == STDOUT && buf in $memory max 4G && count <= $chunk max 1M\n\n@rule print",
      "not told apart"
    ),
    (
      "halt", "@why  Ends the tender with the guest's exit status, or with its own after a fault.", "@why  The end",
      "hardly gives a reason"
    ),
  ]

  @Test("the policy is clean")
  func clean() throws { #expect(try Lint(of: "\(ListingTests.root)/policies").findings == []) }

  @Test("a fault is found", arguments: faults)
  func faulty(_ fault: (file: String, from: String, to: String, finding: String)) throws {
    let directory = "/tmp/brig-lint-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    #expect(unsafe mkdir(directory, 0o755) == 0)
    for name in ["constants"] + Module.allCases.map({ "\($0)" }) {
      var text = String(decoding: try Files.read("\(ListingTests.root)/policies/\(name).policy"), as: UTF8.self)
      if name == fault.file {
        #expect(text.contains(fault.from))
        text = text.replacing(fault.from, with: fault.to)
      }
      try Files.write(Array(text.utf8), to: "\(directory)/\(name).policy")
    }
    let findings = try Lint(of: directory).findings
    #expect(findings.contains { $0.contains(fault.finding) }, "\(findings)")
  }
}

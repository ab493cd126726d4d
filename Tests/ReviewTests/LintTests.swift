import CLinux
import Host
import Policy
@testable import Review
import Testing
import Text

/// To add one: a `Fault` in `faults` or `refused`: a file, a text of it, another in its place, and words of the answer.
@Suite("the policy's lint")
struct LintTests {
  /// A change to one file, and a word of what is said.
  typealias Fault = (file: String, from: String, to: String, word: String)

  /// Faults that are findings.
  static let faults: [Fault] = [
    (
      "constants", "const STDOUT = 1", "const STDOUT = 1\nconst STDIN = 0",
      "constants.policy:4:7: no rule uses the constant `STDIN`"
    ),
    ("constants", "const STDOUT = 1", "const STDOUT = 4", "`fd` of `print` may be more than was reviewed, 0x1"),
    ("constants", "const KVM_RUN = 0xae80", "const KVM_RUN = 0xae41", "`op` of `enter_guest` may be more"),
    ("halt", "# The end.", "const UNUSED = 3", "halt.policy:1:7: no rule uses the constant `UNUSED`"),
    ("halt", "# The end.", "\tconst\tUNUSED\t=\t3", "halt.policy:1:8: no rule uses the constant `UNUSED`"),
    ("halt", "# The end.", "const fd = 3", "no rule uses the constant `fd`"),
    ("halt", "status <= 255", "status <= 255  # UNUSED\nconst UNUSED = 3", "no rule uses the constant `UNUSED`"),
    ("constants", "const STDOUT = 1", "const STDOUT = 1\nconst write = 0", "no rule uses the constant `write`"),
    ("halt", "@rule end", "@rule over", "no launch has the rule `end`"),
    ("halt", "@rule end", "@rule over", "nothing is known"),
    ("halt", "@rule end", "@rule over", "`status` of `over` has no reviewed bound"),
    ("halt", "@rule end", "@rule print", "a rule `print` is in console.policy too"),
    ("halt", "@for  HALT", "@for  NOSUCH", "no hypercall `NOSUCH`"),
    ("halt", "status <= 255", "status <= 0xffffffff", "`status` of `end` may be more than was reviewed, at most 255"),
    ("console", "max 1M", "max 0x7fffffffffffffff", "`count` of `print` may be more than was reviewed"),
    ("console", "count <= $chunk max 1M", "count <= $message_capacity max 1M", "`count` of `print` may be more"),
    ("console", "count <= $chunk max 1M", "count & 0xffff_ffff_0000_0000 == 0", "`count` of `print` may be more"),
    ("console", "buf in $memory max 4G", "buf in $memory max 8G", "`buf` of `print` may be more"),
    (
      "net", "fd == $tap && buf in $memory max 4G && count <= $frame max 64K\n\n@rule send",
      "fd == $vcpu && buf in $memory max 4G && count <= $frame max 64K\n\n@rule send",
      "`fd` of `receive` may be more than was reviewed, $tap"
    ),
    ("poll", "nfds <= $polled_count max 64", "nfds <= $polled_count max 65", "`nfds` of `wait` may be more"),
    ("poll", "sigmask == 0", "sigmask == $timeout", "`sigmask` of `wait` may be more"),
    (
      "halt", "@why  Ends the tender with the guest's exit status, or with its own after a fault.", "@why  The end",
      "hardly gives a reason"
    ),
  ]

  /// Faults that are none of a policy's, and that have to be put right first.
  static let refused: [Fault] = [
    ("halt", "@why  Ends", "# Ends", "halt.policy:20:1: the rule for `exit_group` does not say what it is for"),
    ("halt", "status <= 255", "status & 0 == 0", "leaves 64 bits"),
    ("poll", " && sigsetsize == 0", "", "no condition on `sigsetsize`"),
    ("poll", "nfds <= $polled_count max 64", "nfds <= $polled_count", "how many values `nfds` admits"),
    (
      "console", "@rule print",
      "@rule other\n@for  PUTS\n@why  The same once more.\nwrite: fd == STDOUT && buf in $memory max 4G && count <= $chunk max 1M\n\n@rule print",
      "not told apart"
    ),
    ("constants", "const STDOUT = 1", "@rule x", "constants.policy:3:1: an included file holds more than constants"),
    ("constants", "const STDOUT = 1", "\u{1}\u{2}garbage", "constants.policy:3:1: "),
    ("constants", "const STDOUT = 1", "", "unknown constant `STDOUT`"),
    ("halt", "# The end.", "garbage", "unknown system call `garbage`"),
  ]

  /// Copies the policy with a change to one file of it, and perhaps a further file.
  private func copy(_ fault: Fault? = nil, extra: String? = nil) throws -> String {
    let directory = "/tmp/brig-lint-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    #expect(unsafe mkdir(directory, 0o755) == 0)
    for name in ["constants"] + Module.allCases.map({ "\($0)" }) {
      var text = String(decoding: try Files.read("\(ListingTests.root)/policies/\(name).policy"), as: UTF8.self)
      if let fault, name == fault.file {
        #expect(text.contains(fault.from))
        text = text.replacing(fault.from, with: fault.to)
      }
      try Files.write(Array(text.utf8), to: "\(directory)/\(name).policy")
    }
    if let extra { try Files.write(Array("# nothing\n".utf8), to: "\(directory)/\(extra)") }
    return directory
  }

  @Test("the policy is clean")
  func clean() throws { #expect(try Lint(of: "\(ListingTests.root)/policies").findings == []) }

  @Test("a file grants no less than was reviewed: both have the numbers of the one table")
  func exact() throws {
    for module in Module.allCases {
      for grant in try PolicyFile(module.source).grants {
        let bounds = try #require(ReviewedRule.table[String(grant.rule)]?.bounds)
        switch try #require(bounds.first { $0.argument == "\(grant.argument)" }).bound {
        case .range(_, let most), .window(_, let most): #expect(grant.limit == most, "\(grant)")
        case .only, .bound, .upTo: break
        }
      }
    }
  }

  @Test("a fault is found", arguments: faults)
  func faulty(_ fault: Fault) throws {
    let findings = try Lint(of: copy(fault)).findings.map(\.text)
    #expect(findings.contains { $0.contains(fault.word) }, "\(findings)")
  }

  @Test("what is no policy has to be put right first", arguments: refused)
  func broken(_ fault: Fault) throws {
    let directory = try copy(fault)
    let complaint = #expect(throws: Complaint.self) { try Lint(of: directory) }
    #expect(complaint?.message.hasPrefix("\(directory)/") == true, "\(complaint?.message ?? "")")
    #expect(complaint?.message.contains(fault.word) == true, "\(complaint?.message ?? "")")
  }

  @Test("a file that no module has is refused, and others are nobody's")
  func extra() throws {
    #expect(throws: Complaint.self) { try Lint(of: copy(extra: "extra.policy")) }
    #expect(try Lint(of: copy(extra: "README.md")).findings == [])
    #expect(throws: Complaint.self) { try Lint(of: "/proc/self/no-such-directory") }
  }

  @Test("whatever bytes stand in a file, it is refused or clean", arguments: ["constants", "halt"])
  func random(_ name: String) throws {
    let directory = try copy()
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<50 {
      let bytes = (0..<300).map { _ in UInt8.random(in: 0...255, using: &generator) }
      try Files.write(bytes, to: "\(directory)/\(name).policy")
      #expect(throws: Complaint.self) { try Lint(of: directory) }
    }
  }

  @Test("a tighter bound than the reviewed one is fine")
  func tighter() throws {
    let tighter: [Fault] = [
      ("halt", "status <= 255", "status <= 7", ""), ("console", "max 1M", "max 1M", ""),
      ("poll", "max 64", "max 64", ""), ("halt", "status <= 255", "status == 0", ""),
    ]
    for fault in tighter { #expect(try Lint(of: copy(fault)).findings == []) }
  }
}

@testable import Receipts
import Testing
import Text

/// To add one: a function that makes a `record` of steps, and looks at its `summary`.
@Suite("a receipt that is shown")
struct ReceiptTests {
  private func record(_ steps: String, confinement: String = "full") throws -> ReceiptRecord {
    let text = """
      {"schema": "brig-receipt", "version": 1, "architecture": "aarch64", "tender": "brig-hvt v0", "pid": 7,
       "confinement": "\(confinement)", "seccomp": {"mode": "kill", "system_calls": ["read"], "proved": true},
       "steps": [\(steps)]}
      """
    return try ReceiptRecord(parsing: Array(text.utf8), path: "r")
  }

  @Test("has what is in force first, and what isn't had last")
  func order() throws {
    let missing = #"{"name": "landlock", "state": "unavailable", "reason": "too old"}"#
    let lines = try record(missing + #", {"name": "signals", "state": "applied"}"#, confinement: "fallback").summary
      .split(separator: "\n")
    #expect(lines.first == "sealed        brig-hvt v0 for aarch64, process 7")
    #expect(lines.contains("confinement   fallback"))
    #expect(lines.contains("steps         signals"))
    #expect(lines.last == "not had here  steps, landlock: too old")
    let other = #", {"name": "memory-sealing", "state": "unavailable", "reason": "too old"}"#
    #expect(try record(missing + other).summary.hasSuffix("not had here  steps, landlock, memory-sealing: too old\n"))
  }

  @Test("shows nothing that a terminal obeys, and no line of its own making")
  func forged() throws {
    let evil = #"{"name": "a\u001b[2J", "state": "unavailable", "reason": "b\nsealed  all\u202e"}"#
    let summary = try record(evil).summary
    #expect(summary == summary.obeyedByNoTerminal)
    #expect(summary.contains(#"a\x1b[2J: b\x0asealed  all\xe2\x80\xae"#))
  }

  @Test("is printed as it came, unless a terminal might obey some of it")
  func document() throws {
    let plain = try record("")
    #expect(try JSONValue(parsing: plain.document().bytes, file: "r") == plain.json)
    for evil in ["\u{1b}[2J", "\u{202e}", "\u{e9}", "\u{7f}"] {
      let text = #"{"schema": "brig-receipt", "version": 1, "seccomp": {}, "tender": "\#(evil)"}"#
      // A control character is no JSON in the first place.
      #expect(throws: Complaint.self) { try ReceiptRecord(parsing: Array(text.utf8), path: "r").document() }
    }
  }

  @Test("is one by its schema, and names its architecture")
  func schema() {
    #expect(throws: Complaint("r: no receipt of Brig's")) {
      try ReceiptRecord(parsing: Array(#"{"version": 1, "seccomp": {}}"#.utf8), path: "r")
    }
    let other = #"{"schema": "brig-receipt", "version": 1, "seccomp": {}, "architecture": "mips"}"#
    #expect(throws: Complaint("r: architecture is neither x86_64 nor aarch64")) {
      try ReceiptRecord(parsing: Array(other.utf8), path: "r").architecture()
    }
  }
}

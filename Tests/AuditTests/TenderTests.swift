import CLinux
import Glibc
import Listing
import Testing

@testable import Audit

@Suite(
  "the audit of a tender", .serialized,
  .enabled(if: Bench.isPossible, "needs root, /dev/kvm, bin/brig-hvt and the test guests"))
struct TenderTests {
  private func audit(
    _ options: String, _ guest: String = Bench.guest, changing receipt: (String) -> String = { $0 }
  ) throws -> Audit {
    let path = "/tmp/brig-audit-\(getpid())-\(UInt32.random(in: 0 ... .max)).json"
    defer { unsafe unlink(path) }
    let shell = try #require(
      Shell("exec \(Bench.root)/bin/brig-hvt --mem=2 --receipt=\(path) \(options) \(guest)", ready: 800_000))
    defer { shell.kill() }
    let text = receipt(String(decoding: try Files.read(path), as: UTF8.self))
    return try Audit(of: shell.process, receipt: ReceiptRecord(parsing: Array(text.utf8), path: path))
  }

  private func answers(_ audit: Audit) -> [String: Finding.Verdict] {
    Dictionary(uniqueKeysWithValues: audit.findings.map { ($0.name, $0.verdict) })
  }

  @Test("a sealed tender lacks nothing")
  func whole() throws {
    let audit = try audit("")
    #expect(audit.findings.filter { $0.verdict == .no }.map(\.name) == [])
    #expect(audit.score == 100)
    let seen = answers(audit)
    #expect(seen["seccomp-filter"] == .yes)
    #expect(seen["receipt"] == .yes)
  }

  @Test("the filter that reports is proved too")
  func reporting() throws { #expect(answers(try audit("--seccomp=report"))["seccomp-filter"] == .yes) }

  @Test(
    "a receipt with another address, descriptor or digest is found out",
    arguments: [
      ("\"fixed_block\": 1", "\"fixed_block\": 2", "seccomp-filter"),
      ("\"window\": 2097152", "\"window\": 4194304", "seccomp-filter"),
      ("\"vcpu_descriptor\": ", "\"vcpu_descriptor\": 1", "seccomp-filter"),
      ("\"sha256\": \"", "\"sha256\": \"0", "receipt"),
    ])
  func forged(_ change: (from: String, to: String, check: String)) throws {
    let audit = try audit("") { text in
      #expect(text.contains(change.from))
      return text.replacing(change.from, with: change.to)
    }
    #expect(answers(audit)[change.check] == .no)
  }

  @Test("without a receipt the policy is made of descriptors and maps")
  func observed() throws {
    let shell = try #require(Shell("exec \(Bench.root)/bin/brig-hvt --mem=2 \(Bench.guest)", ready: 800_000))
    defer { shell.kill() }
    #expect(answers(try Audit(of: shell.process, receipt: nil))["seccomp-filter"] == .yes)
  }
}

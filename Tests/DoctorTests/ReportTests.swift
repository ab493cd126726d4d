import Confinement
import Doctor
import Testing
import Text

/// To add one: a function with `@Test` about the text or the JSON of `Doctor(Self.evidence)`.
@Suite("the doctor's report")
struct ReportTests {
  private static let evidence: HostEvidence = {
    var evidence = Host.with([
      "/proc/sys/kernel/osrelease": "6.1.0\n", "/proc/self/limits": "Max address space  1  1  bytes\n",
    ])
    evidence.rehearsal = Host.sealed(without: .netNamespace, reason: "unshare: \"no\"")
    evidence.kvm.answers["SYNC_REGS"] = 0
    return evidence
  }()

  @Test("each finding has a name of its own")
  func names() {
    let names = Doctor(Host.with()).findings.map(\.name)
    #expect(Set(names).count == names.count)
    for step in Step.allCases where step != .receipt { #expect(names.contains("\(step.description.name)")) }
  }

  @Test("only what is missing has an effect, a cost and a fix")
  func costs() {
    for finding in Doctor(Self.evidence).findings {
      let isMissing = finding.state == .missing
      #expect((finding.effect != .none) == isMissing, "\(finding.name)")
      #expect(finding.cost.isEmpty == !isMissing && finding.fix.isEmpty == !isMissing, "\(finding.name)")
    }
  }

  @Test("the JSON has its schema, its version and each finding")
  func json() throws {
    let doctor = Doctor(Self.evidence)
    let json = try JSONValue(parsing: doctor.json.bytes, file: "json")
    #expect(json["schema"]?.string == "brig-doctor")
    #expect(json["version"]?.number == 1)
    #expect(json["verdict"]?.string == "fallback")
    #expect(json["kernel"]?.string == "6.1.0")
    #expect(json["uid"]?.number == 1000)
    #expect(json["missing"]?["fallback"]?.number == 1)
    let elements = try #require(json["findings"]?.elements)
    #expect(elements.compactMap { $0["name"]?.string } == doctor.findings.map(\.name))
    let finding = try #require(elements.first { $0["name"]?.string == "net-namespace" })
    #expect(finding["group"]?.string == "seal")
    #expect(finding["state"]?.string == "missing")
    #expect(finding["effect"]?.string == "fallback")
    #expect(finding["detail"]?.string == "unshare: \"no\"")
  }

  @Test("the text has what is missing with its cost and fix, and the verdict last")
  func text() {
    let lines = Doctor(Self.evidence).text(everything: false).split(separator: "\n")
    #expect(lines.first == "Linux 6.1.0 on \(Doctor.architecture), for user 1000")
    #expect(
      lines.last?.hasPrefix(
        "NO: brig-hvt refuses to start here but with --confine=fallback, for want of: net-namespace") == true)
    let missing = lines.filter { $0.hasPrefix("  MISSING") }.count
    #expect(missing == Doctor(Self.evidence).findings.count { $0.state == .missing })
    #expect(lines.count { $0.hasPrefix("             costs") } == missing)
    #expect(lines.count { $0.hasPrefix("             fix") } == missing)
  }

  @Test("with everything, each finding has a line")
  func everything() {
    let doctor = Doctor(Self.evidence)
    let text = doctor.text(everything: true)
    for finding in doctor.findings { #expect(text.contains(" \(finding.name) "), "\(finding.name)") }
  }
}

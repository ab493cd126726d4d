@testable import Audit
import Confinement
import Glibc
import Host
import Procfs
import Testing
import Text

/// To add one: a function about the audits of several processes, or about what is advised.
@Suite("the audit of several processes")
struct SeveralTests {
  @Test("advises something for each check, and a step's own remedy where it has one")
  func remedies() {
    for check in AuditCheck.all { #expect(!check.remedy.isEmpty, "\(check.name)") }
    #expect(AuditCheck.step(.dumpable).remedy == "\(Step.dumpable.description.remedy)")
    #expect(Set(Audit.checks).count == Audit.checks.count && Audit.checks.count == AuditCheck.all.count)
  }

  @Test("gives a remedy to each no and to nothing else, and demands a yes")
  func findings() throws {
    let audit = try Audit(of: getpid(), receipt: nil)
    for finding in audit.findings { #expect((finding.remedy != nil) == (finding.verdict == .no), "\(finding.name)") }
    let wanted = audit.findings.filter { $0.verdict != .yes }.map(\.name)
    #expect(audit.lacking(of: Audit.checks) == wanted)
    #expect(wanted.contains("landlock") && wanted.contains("seccomp-filter"))
    let lines = audit.text(allowing: false).split(separator: "\n")
    let advice = lines.count { $0.hasPrefix("      ") && $0.contains("remedy: ") }
    #expect(advice == audit.findings.count { $0.verdict == .no })
    #expect(throws: Complaint.self) { try audit.installedProgram() }
  }

  @Test("is an array in JSON, of the objects that each has alone")
  func json() throws {
    let audit = try Audit(of: getpid(), receipt: nil)
    let one = try JSONValue(parsing: audit.json(allowing: true).bytes, file: "one")
    let two = try JSONValue(parsing: Audit.json([audit, audit], allowing: true).bytes, file: "two")
    #expect(two.elements == [one, one] && one["schema"]?.string == "brig-audit" && one["version"]?.number == 2)
    #expect(try JSONValue(parsing: Audit.json([], allowing: true).bytes, file: "none") == .array([]))
  }

  @Test("finds tenders by the name of their program, and none that has ended")
  func all() throws {
    let directory = "/tmp/brig-tenders-\(getpid())"
    try Files.makeDirectory(directory)
    let names = ["brig-hvt", "solo5-hvt", "solo5-hvt.2", "brig-hvt2", "brig"]
    defer {
      for name in names { try? Files.remove("\(directory)/\(name)") }
      _ = unsafe rmdir(directory)
    }
    let sleep = try Files.read("/bin/sleep")
    for name in names {
      let path = "\(directory)/\(name)"
      try Files.write(sleep, to: path)
      _ = unsafe chmod(path, 0o755)
      let process = try ChildProcess.spawn([path, "20"], searches: false, [])
      for _ in 0..<1000 where Subject.text("/proc/\(process.id)/comm")?.trimmed != Text(name) { usleep(1000) }
      let isFound = try RunningTenders.all().contains(process.id)
      #expect(isFound == ["brig-hvt", "solo5-hvt", "solo5-hvt.2"].contains(name), "\(name)")
      #expect(!RunningTenders.isGone(process.id))
      kill(process.id, SIGKILL)
      // It is a zombie until it is waited for.
      for _ in 0..<1000 where !RunningTenders.isGone(process.id) { usleep(1000) }
      #expect(try RunningTenders.isGone(process.id) && !RunningTenders.all().contains(process.id))
      try process.wait()
      #expect(RunningTenders.isGone(process.id))
    }
  }
}

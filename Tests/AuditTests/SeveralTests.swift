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
  private static func remedy(_ check: AuditCheck, _ isTender: Bool) -> String {
    check.remedy(AuditCause(isTender: isTender, machine: Mitigations { _ in nil }, flaws: ProcessorFlaw.all))
  }

  @Test("advises something for each check, to a tender a step's own remedy, and to another program what it has to do")
  func remedies() {
    for check in AuditCheck.all {
      for isTender in [true, false] { #expect(!Self.remedy(check, isTender).isEmpty, "\(check.name)") }
    }
    // A receipt alone shows these steps, so no other program has a no.
    let same = Step.allCases.filter { step in
      let check = AuditCheck.step(step)
      return Self.remedy(check, true) == Self.remedy(check, false)
    }
    #expect(Set(same) == [.sessionKeyring, .sharedMemory, .hostPrivileges, .writeExecute, .landlock, .receipt])
    #expect(Self.remedy(.step(.dumpable), true) == "\(Step.dumpable.description.remedy)")
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
    let lacking = audit.findings.filter { $0.verdict == .no }
    let advice = lines.filter { $0.hasPrefix("  fix  ") }
    #expect(advice.count == lacking.count)
    for finding in lacking { #expect(advice.contains { $0.contains(" \(finding.name) ") }, "\(finding.name)") }
    // They stand behind all findings, in the same columns; what weighs most comes first.
    #expect(lines.dropLast().suffix(lacking.count).elementsEqual(advice))
    let weights = advice.compactMap { Int($0.dropFirst(34).prefix(3).filter(\.isNumber)) }
    #expect(weights.count == lacking.count && weights == weights.sorted(by: >))
    #expect(throws: Complaint.self) { try audit.installedProgram() }
  }

  @Test("fits a terminal, and has the same words there")
  func width() throws {
    let audit = try Audit(of: getpid(), receipt: nil)
    let (plain, narrow) = (audit.text(allowing: false), audit.text(allowing: false, width: 80))
    func words(_ text: String) -> [Substring] { text.split { " \n".contains($0) } }
    #expect(words(plain) == words(narrow))
    #expect(plain.split(separator: "\n").contains { $0.count > 80 })
    for line in narrow.split(separator: "\n") where line.count > 80 {
      // One word that is longer, as a path.
      #expect(line.hasPrefix(String(repeating: " ", count: 38)) && words(String(line)).count == 1, "\(line)")
    }
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

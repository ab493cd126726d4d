@testable import Audit
import Confinement
import Glibc
import Policy
import Procfs
import Testing
import Text

/// What shows of each step of the seal, by what the kernel prints.
///
/// To add one: a row of the function about that step or flaw: a line as the kernel prints it, and what it shows.
@Suite("the audit's checks of steps")
struct StepSightTests {
  private func text(_ string: String) -> Text { Text(bytes: Array(string.utf8)) }

  @Test("each step and each trait is asked once, by a name of its own")
  func all() {
    let wanted = Step.allCases.map { AuditCheck.step($0) } + AuditCheck.Trait.allCases.map { .trait($0) }
    #expect(AuditCheck.all.count == wanted.count && Set(AuditCheck.all) == Set(wanted))
    #expect(Set(AuditCheck.all.map(\.name)).count == wanted.count)
    #expect(AuditCheck.all.allSatisfy { (1...20).contains($0.question.weight) })
  }

  // MARK: Sealed memory

  private static let program = "1000-3000 r-xp 00000000 fe:00 12    /x"
  private static let constants = "3000-4000 r--p 00002000 fe:00 12    /x"
  private static let data = "4000-5000 rw-p 00002000 fe:00 12    /x"
  private static let block = "6000-7000 rw-p 00000000 00:00 0 "
  private static let window = "200000-400000 rw-p 00000000 00:00 0 "
  private static let tail = "400000-500000 ---p 00000000 00:00 0 "
  private static let other = "500000-600000 rw-p 00000000 00:00 0 "
  private static let launch = Launch(
    mode: .kill, vcpu: 3, runArea: 0x9000, runAreaSize: 0x3000, fixedBlock: 0x6000, memory: 0x20_0000,
    window: 0x20_0000, devices: [])

  private func answer(open: String?, told: Bool, launch: Launch? = launch) throws(Doubt) -> Detail {
    var map = ""
    for line in [Self.program, Self.constants, Self.data, Self.block, Self.window, Self.tail, Self.other] {
      let isSealed = told && ![open, Self.data, Self.other].contains(line)
      map += "\(line)\nSize:  4 kB\nVmFlags: rd mr mw me \(isSealed ? "sl " : "")\n"
    }
    guard let regions = DetailedRegion.all(text(map)) else { throw .refuted("not read") }
    return try MemorySeal.answer(regions, launch, told) { $0.name == "/x" }
  }

  @Test(
    "what is never changed again is sealed: each part counts", arguments: [program, constants, block, window, tail])
  func sealed(_ open: String) throws {
    #expect(try answer(open: nil, told: true).whole.contains("5 regions"))
    let error = #expect(throws: Doubt.self) { try self.answer(open: open, told: true) }
    #expect(error?.words.contains("1 of 5 regions aren't sealed") == true)
  }

  @Test(
    "whatever a receipt says of the window, what lies behind its beginning counts",
    arguments: [UInt64.max, UInt64.max - 0x20_0000])
  func sealedToTheEnd(_ size: UInt64) {
    let launch = Launch(
      mode: .kill, vcpu: 3, runArea: 0x9000, runAreaSize: 0x3000, fixedBlock: 0x6000, memory: 0x20_0000, window: size,
      devices: [])
    let error = #expect(throws: Doubt.self) { try self.answer(open: nil, told: true, launch: launch) }
    #expect(error?.words.contains("1 of 6 regions aren't sealed") == true)
  }

  @Test("code and constants are looked at without a policy, too")
  func sealedProgram() throws {
    #expect(try answer(open: Self.window, told: true, launch: nil).whole == "code and constants: 2 regions")
    #expect(throws: Doubt.self) { try answer(open: Self.program, told: true, launch: nil) }
  }

  @Test("a kernel that doesn't show it leaves it open")
  func unsealed() {
    let error = #expect(throws: Doubt.self) { try self.answer(open: nil, told: false) }
    guard case .unseen = error else {
      #expect(Bool(false), "\(String(describing: error))")
      return
    }
  }

  @Test("a map with its flags is read whole, or not at all")
  func flags() {
    #expect(DetailedRegion.all(text("\(Self.block)\nVmFlags: rd wr sl \n"))?.map(\.isSealed) == [true])
    #expect(DetailedRegion.all(text("\(Self.block)\nVmFlags: rd wr slx xsl \n"))?.map(\.isSealed) == [false])
    #expect(DetailedRegion.all(text("\(Self.block)\nx\n")) == nil)
    #expect(DetailedRegion.all(text("VmFlags: sl\n\(Self.block)\n")) == nil)
  }

  // MARK: Tasks

  private func task(_ name: String, policy: Int = 0, flags: Int = 0) throws -> ProcessTask {
    var words = (3...52).map { "\($0)" }
    (words[0], words[6], words[38]) = ("S", "\(flags)", "\(policy)")
    let stat = try #require(TaskStat(text("7 (\(name)) \(words.joined(separator: " "))\n")))
    return ProcessTask(7, stat, KeyedLines(text("Name:\t\(name)\n")))
  }

  @Test(
    "a task that goes before others is none of a tender's",
    arguments: [(0, true), (1, false), (2, false), (3, true), (5, true), (6, false), (7, true)])
  func scheduling(_ policy: Int, _ isUsual: Bool) throws {
    let tasks = [try task("x"), try task("y", policy: policy)]
    let answer = Result { () throws(Doubt) in try Scheduling.answer(tasks) }
    #expect(((try? answer.get()) != nil) == isUsual)
  }

  @Test(
    "KVM's worker is told from one of vhost's, and from a thread that has its name",
    arguments: [
      ("kvm-nx-lpage-re", 0x4000, true), ("vhost-17", 0x4000, false), ("kvm-nx-lpage-re", 0, false),
      ("kvm-nx-lpage-re", 0x4010, false), ("kvm-nx-lpage-re)", 0x4000, false), ("", 0x4000, false),
    ])
  func worker(_ name: String, _ flags: Int, _ isMachine: Bool) throws {
    #expect(try task(name, flags: flags).isMachineWorker == isMachine)
  }

  // MARK: The processor

  @Test(
    "what the kernel says of a flaw",
    arguments: [
      ("Not affected", ProcessorFlaw.Exposure.closed), ("Mitigation: IBPB before exit to userspace", .closed),
      ("Vulnerable", .open), ("Vulnerable: Safe RET, no microcode", .open),
      ("Mitigation: PTE Inversion; VMX: conditional cache flushes, SMT disabled", .closed),
      ("Mitigation: PTE Inversion; VMX: conditional cache flushes, SMT vulnerable", .open),
      ("Mitigation: PTE Inversion; VMX: vulnerable", .open), ("KVM: Mitigation: Split huge pages", .closed),
      ("KVM: Vulnerable", .open), ("Mitigation: Clear CPU buffers; SMT Host state unknown", .unknown),
      ("Unknown: Dependent on hypervisor status", .unknown), ("", .unknown), ("something else", .unknown),
      ("Mitigation: Retpolines; STIBP: disabled; RSB filling; PBRSB-eIBRS: Not affected; BHI: Not affected", .closed),
      // Open to programs, not to guests.
      ("Mitigation: Enhanced / Automatic IBRS; IBPB: conditional; BHI: Vulnerable, KVM: SW loop", .closed),
      ("Mitigation: Enhanced / Automatic IBRS; IBPB: conditional; BHI: Vulnerable", .open),
      ("Vulnerable; BHI: Vulnerable, KVM: SW loop", .open),
      ("Mitigation: Retpolines; BHI: Vulnerable, KVM: SW loop; SMT vulnerable", .open),
    ])
  func flaw(_ line: String, _ state: ProcessorFlaw.Exposure) { #expect(ProcessorFlaw.Exposure(text(line)) == state) }

  @Test("one flaw that is open counts, and one of which the kernel says nothing isn't seen")
  func flaws() throws {
    let paths = ProcessorFlaw.all.map(\.path.shown)
    func answer(_ changes: [String: String?]) throws(Doubt) -> Detail {
      try ProcessorFlaws.answer { path in (changes[path.shown] ?? "Not affected\n").map { text($0) } }
    }
    #expect(try answer([:]).whole.hasPrefix("mitigated, or not this processor's: vmscape "))
    for path in paths {
      let open = #expect(throws: Doubt.self) { try answer([path: "Vulnerable\n"]) }
      guard case .refuted(let words) = open else { continue }
      #expect(words.whole.hasSuffix(": Vulnerable"))
      let missing = #expect(throws: Doubt.self) { try answer([path: nil]) }
      guard case .unseen = missing else {
        #expect(Bool(false), "\(path): \(String(describing: missing))")
        continue
      }
    }
  }
}

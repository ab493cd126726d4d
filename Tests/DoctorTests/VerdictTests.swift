import Confinement
import Doctor
import Testing
import Text

/// To add one: a function that takes something from `Host.with()` or its rehearsal, and expects `Doctor`'s verdict.
@Suite("the doctor's verdict")
struct VerdictTests {
  private static let steps = Step.allCases.filter { $0 != .receipt }

  @Test("nothing is missing on a host that has everything")
  func whole() {
    let doctor = Doctor(Host.with())
    #expect(doctor.verdict == .full)
    #expect(doctor.status(strict: false) == 0)
    #expect(doctor.findings.filter { $0.group == .seal }.allSatisfy { $0.state == .ok })
  }

  @Test("one missing step decides by its necessity, and is the only one that is missing", arguments: steps)
  func oneStep(_ step: Step) throws {
    var evidence = Host.with()
    evidence.rehearsal = Host.sealed(without: step)
    let doctor = Doctor(evidence)
    let expected: (HostVerdict, Loss.Effect) =
      switch step.description.necessity {
      case .required: (.refused, .refused)
      case .forgivable: (.fallback, .fallback)
      case .bestEffort: (.full, .weaker)
      }
    #expect(doctor.verdict == expected.0)
    let finding = try #require(doctor.finding("\(step.description.name)"))
    #expect(finding.state == .missing && finding.effect == expected.1)
    #expect(!finding.cost.isEmpty && !finding.fix.isEmpty)
    #expect(doctor.findings.filter { $0.group == .seal && $0.state == .missing }.count == 1)
    #expect(doctor.status(strict: false) == (doctor.verdict == .full ? 0 : 1))
    #expect(doctor.status(strict: true) == 1)
    #expect(doctor.summary.contains("\(step.description.name)"))
  }

  @Test("the worst that is missing decides")
  func worst() {
    func finding(_ effect: Loss.Effect) -> HostFinding {
      HostFinding(.host, "x", .missing("", Loss(effect, "", fix: "")))
    }
    #expect(HostVerdict([]) == .full)
    #expect(HostVerdict([finding(.limited), finding(.weaker), finding(.none)]) == .full)
    #expect(HostVerdict([finding(.weaker), finding(.fallback)]) == .fallback)
    #expect(HostVerdict([finding(.refused), finding(.fallback)]) == .refused)
  }

  @Test("a rehearsal that failed is a refusal, whatever else is there")
  func failed() {
    var evidence = Host.with()
    evidence.rehearsal = Rehearsal(
      .full, reading: "brig-hvt: an outer seccomp filter forbids unshare, mount: let it allow them (or: not)\n",
      status: 1, signal: 0)
    let doctor = Doctor(evidence)
    #expect(doctor.verdict == .refused)
    #expect(doctor.finding("rehearsal")?.detail == "an outer seccomp filter forbids unshare, mount")
    #expect(doctor.finding("rehearsal")?.fix == "let it allow them (or: not)")
    #expect(doctor.finding("landlock")?.state == .unknown)
  }

  @Test("what the tables call required isn't missing where a child was sealed without it")
  func sealedAllTheSame() {
    var evidence = Host.with()
    evidence.kvm.answers["IMMEDIATE_EXIT"] = 0
    #expect(Doctor(evidence).verdict == .full)
    #expect(Doctor(evidence).finding("IMMEDIATE_EXIT")?.state == .information)
    evidence.rehearsal = Host.sealed(without: .virtualMachine)
    #expect(Doctor(evidence).finding("IMMEDIATE_EXIT")?.effect == .refused)
  }

  @Test("a required step that was neither taken nor refused doesn't apply, as the user of one who isn't root")
  func notApplicable() {
    var evidence = Host.with()
    evidence.rehearsal.steps = evidence.rehearsal.steps.map {
      $0.step == .user ? Seal.Record(step: .user, unavailable: "not started as root") : $0
    }
    #expect(Doctor(evidence).finding("user")?.state == .notApplicable)
    #expect(Doctor(evidence).verdict == .full)
  }

  @Test("core scheduling doesn't apply where cores have one thread", arguments: [("0", true), ("1", false)])
  func coreScheduling(_ active: String, _ isSingle: Bool) {
    var evidence = Host.with(["/sys/devices/system/cpu/smt/active": "\(active)\n"])
    evidence.rehearsal = Host.sealed(without: .coreScheduling, reason: "prctl: Invalid argument")
    #expect(Doctor(evidence).finding("core-scheduling")?.state == (isSingle ? .notApplicable : .missing))
  }
}

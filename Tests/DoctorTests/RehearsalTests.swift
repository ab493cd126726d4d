import Confinement
import Doctor
import Testing
import Text

/// To add one: an end that isn't well is a row of `early`; a record of the tender's, a function that `read`s it.
@Suite("what a rehearsal says")
struct RehearsalTests {
  private func read(_ text: String, status: Int32? = 0, signal: Int32 = 0) -> Rehearsal {
    Rehearsal(.full, reading: Text(text), status: status, signal: signal)
  }

  /// What a child says that took each step.
  private static let sealed = Step.allCases.filter { $0 != .receipt }.map { "step\t\($0.description.name)\n" }

  @Test("steps, restrictions and the Landlock version are read")
  func records() {
    let rehearsal = read(
      "restriction\tpmu\tnot there\nrestriction\tcpuid\nstep\tuser\nstep\tlandlock\tprctl: no\nlandlock\t6\n"
        + "warning\tshared\n")
    #expect(rehearsal.restrictions == [.init("pmu", unavailable: "not there"), .init("cpuid")])
    #expect(rehearsal.steps == [.init(step: .user), .init(step: .landlock, unavailable: "prctl: no")])
    #expect(rehearsal.landlock == 6 && rehearsal.warnings == ["shared"])
  }

  @Test("a rehearsal is complete with all of its steps", arguments: sealed.indices)
  func complete(_ index: Int) {
    #expect(read(Self.sealed.joined()).isComplete)
    var fewer = Self.sealed
    fewer.remove(at: index)
    #expect(read(fewer.joined()).failure == "ended too early")
    #expect(!read(Self.sealed.joined(), status: 1).isComplete)
  }

  @Test("the tender's advice comes with a step that was refused, or went without")
  func advice() {
    let rehearsal = read(
      "step\tempty-root\tmount: no\tallow it\nrefused\tuser\tsetgroups: no\tstart as another\n", status: 1)
    #expect(rehearsal.steps == [.init(step: .emptyRoot, unavailable: "mount: no", remedy: "allow it")])
    #expect(rehearsal.refusals == [.init(step: .user, reason: "setgroups: no", remedy: "start as another")])
    let refused = read("failed\trefusing to run with a mask: take it off\n", status: 1)
    #expect(refused.failure == "refusing to run with a mask" && refused.advice == "take it off")
  }

  @Test("which net namespace the child entered, and why not a prepared one")
  func netNamespace() {
    #expect(read("prepared net namespace\t4026532281\n").netNamespace == .prepared(inode: 4_026_532_281))
    #expect(read("own net namespace\n").netNamespace == .own(because: nil))
    let unfit = read("own net namespace\tits interface lo is up\tmake another\n")
    #expect(unfit.netNamespace == .own(because: "its interface lo is up"))
    #expect(unfit.netNamespaceRemedy == "make another")
    #expect(read("step\tuser\n").netNamespace == nil)
  }

  @Test("a refusal, and whether less confinement would do")
  func refusals() {
    let forgivable = read("step\tuser\nrefused\tuser-namespace\tunshare: no\n", status: 1)
    #expect(forgivable.refusals == [.init(step: .userNamespace, reason: "unshare: no")])
    #expect(forgivable.wantsFallback && !forgivable.isComplete && forgivable.failure == nil)
    #expect(!read("refused\tcapabilities\tno\n", status: 1).wantsFallback)
    #expect(!read("refused\tvirtual-machine\tno\nstep\tseccomp-filter\n").isComplete)
  }

  @Test("the tender's message of a step is that step's refusal")
  func message() {
    let rehearsal = read("failed\tcannot seal: stray-descriptors: close_range: no: use Linux 5.9\n", status: 1)
    #expect(rehearsal.refusals == [.init(step: .strayDescriptors, reason: "close_range: no", remedy: "use Linux 5.9")])
    #expect(read("failed\tcannot map a page: mmap: no\n", status: 1).failure == "cannot map a page: mmap: no")
  }

  @Test(
    "an end before the filter is none that is well",
    arguments: [
      ("step\tuser\n", 0, 0, "ended too early"), ("", 1, 0, "ended too early"),
      ("step\tseccomp-filter\n", 1, 0, "ended too early"), ("step\tseccomp-filter\n", nil, 31, "ended by signal 31"),
      ("nonsense", 0, 0, "nonsense"), ("step\tno-such-step\n", 0, 0, "step no-such-step"),
      ("refused\tno-such-step\tno\n", 0, 0, "refused no-such-step no"), ("step\n", 0, 0, "step"),
      ("refused\tuser\tno\n", nil, 9, "ended by signal 9"),
    ] as [(String, Int32?, Int32, String)])
  func early(_ text: String, _ status: Int32?, _ signal: Int32, _ failure: String) {
    let rehearsal = read(text, status: status, signal: signal)
    #expect(rehearsal.failure == failure)
    #expect(!rehearsal.isComplete)
  }
}

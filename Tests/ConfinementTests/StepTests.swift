import Confinement
import Host
import Testing
import Text

/// To add one: what holds for each step is a function over `Step.allCases`; a required one, a word of `required`.
@Suite("the table of steps")
struct StepTests {
  @Test("each step has a name of its own, in small letters, digits and hyphens")
  func names() {
    let names = Step.allCases.map { "\($0.description.name)" }
    #expect(Set(names).count == names.count)
    for name in names {
      #expect(!name.isEmpty && name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 })
    }
  }

  @Test("a step is found by its name, and nothing else is", arguments: Step.allCases)
  func named(_ step: Step) {
    #expect(Step(named: "\(step.description.name)") == step)
    #expect(Step(named: "\(step.description.name)x") == nil && Step(named: "") == nil)
  }

  @Test("what can be refused says what to do, and what is best effort needs nothing", arguments: Step.allCases)
  func remedies(_ step: Step) {
    let description = step.description
    #expect((description.remedy.utf8CodeUnitCount == 0) == (description.necessity == .bestEffort))
  }

  @Test("only namespaces and the empty root are forgiven")
  func forgivable() {
    let forgivable = Step.allCases.filter { $0.description.necessity == .forgivable }
    #expect(forgivable == [.userNamespace, .mountNamespace, .netNamespace, .emptyRoot])
  }

  @Test("what a guest could escape through is required")
  func required() {
    let required = Step.allCases.filter { $0.description.necessity == .required }
    #expect(
      Set(required) == [
        .standardDescriptors, .strayDescriptors, .user, .hostPrivileges, .virtualMachine, .capabilities, .dumpable,
        .noNewPrivileges, .signals, .receipt, .filter,
      ])
  }
}

@Suite("taking and missing steps")
struct SealTests {
  private static let refused = SystemError(call: "unshare", code: 1)

  @Test("a step that was taken is in force", arguments: Step.allCases)
  func takes(_ step: Step) throws {
    var seal = Seal(.full)
    #expect(!seal.isApplied(step))
    try seal.take(step) { () throws(SystemError) in }
    #expect(seal.isApplied(step))
    #expect(seal.records.map(\.step) == [step] && seal.records.first?.unavailable == nil && seal.warnings.isEmpty)
  }

  @Test("a refused step ends the way, is forgiven with a warning, or is noted", arguments: Step.allCases)
  func misses(_ step: Step) throws {
    let description = step.description
    for confinement in [Confinement.full, .fallback] {
      var seal = Seal(confinement)
      var refusal: Refusal?
      do throws(Refusal) {
        try seal.take(step) { () throws(SystemError) in throw Self.refused }
      } catch {
        refusal = error
      }
      let goesOn =
        description.necessity == .bestEffort || (description.necessity == .forgivable && confinement == .fallback)
      #expect((refusal == nil) == goesOn)
      #expect(!seal.isApplied(step))
      #expect(seal.records.map(\.step) == (goesOn ? [step] : []))
      #expect(seal.records.allSatisfy { $0.unavailable == "unshare: Operation not permitted" })
      let warns = goesOn && description.necessity == .forgivable
      #expect(
        seal.warnings
          == (warns ? ["running without \(description.name): unshare: Operation not permitted" as Text] : []))
      if let refusal {
        // A namespace has a remedy by its cause, which is this machine's.
        let beginning: Text = "cannot seal: \(description.name): unshare: Operation not permitted: "
        let end: Text = ", or accept less with --confine=fallback"
        let isForgivable = description.necessity == .forgivable
        #expect(refusal.message.bytes.starts(with: beginning.bytes))
        #expect(refusal.message.bytes.suffix(end.bytes.count).elementsEqual(end.bytes) == isForgivable)
        #expect(isForgivable || refusal.message == "\(beginning)\(description.remedy)")
      }
    }
  }

  @Test("steps that need another one are missed without it")
  func depends() throws {
    var seal = Seal(.fallback)
    try seal.emptyRoot()
    try seal.forbidNestedNamespaces()
    #expect(seal.records.map(\.unavailable) == ["there is no mount namespace", "there is no user namespace"])
    var full = Seal(.full)
    #expect(throws: Refusal.self) { try full.emptyRoot() }
  }
}

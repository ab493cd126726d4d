import Confinement
import Procfs
import Text

extension HostEvidence {
  /// The rehearsal as a whole.
  var rehearsed: HostAnswer {
    guard let failure = rehearsal.failure else {
      let way = "--confine=\(rehearsal.confinement.name)"
      // Steps that are gone without have findings of their own.
      let warnings = rehearsal.warnings.filter { !Text($0).begins(with: "running without ") }.map { "; \($0)" }.joined()
      guard rehearsal.refusals.isEmpty else { return .information("a child with \(way) was refused a step, see below") }
      let sealed = "a child was sealed as brig-hvt seals itself, by \(way), its filter too"
      return warnings.isEmpty ? .ok("\(sealed)") : .information("\(sealed)\(warnings)")
    }
    let fix =
      rehearsal.advice
      ?? (failure.contains("guest memory") ? "ulimit -v unlimited, or a guest with less --mem" : "see what it says")
    return .missing("\(failure)", Loss(.refused, "brig-hvt doesn't start", fix: fix))
  }

  /// What became of a step, nil where no rehearsal takes it.
  func answer(_ step: Step) -> HostAnswer? {
    guard let note = step.note else { return nil }
    if let refusal = rehearsal.refusals.first(where: { $0.step == step }) {
      return .missing(
        "\(refusal.reason.shown)",
        Loss(
          .refused, "brig-hvt doesn't start: without it \(note.cost)", fix: fix(note.fix, for: step, refusal.remedy)))
    }
    guard let record = rehearsal.steps.first(where: { $0.step == step }) else {
      return .unknown("not tried: the rehearsal ended before")
    }
    guard let reason = record.unavailable?.shown else {
      return .ok(step == .landlock ? "in force, by version \(rehearsal.landlock) of its interface" : "in force")
    }
    let fix = fix(note.fix, for: step, record.remedy, reason: reason)
    switch step.description.necessity {
    // A required step that was neither taken nor refused has nothing to do.
    case .required: return .notApplicable("\(reason)")
    case .forgivable:
      return .missing(
        "\(reason)", Loss(.fallback, "brig-hvt starts with --confine=fallback only: \(note.cost)", fix: fix))
    case .bestEffort:
      if step == .coreScheduling, line("/sys/devices/system/cpu/smt/active") == "0" {
        return .notApplicable("\(reason): cores have one thread here")
      }
      return .missing("\(reason)", Loss(.weaker, note.cost, fix: fix))
    }
  }

  /// What to do so that a step is had, in words.
  ///
  /// - Parameters:
  ///   - fix: what the step's note says.
  ///   - step: the step.
  ///   - cause: what the tender has found out, or nil.
  ///   - reason: what the tender says of a step that it went without, or nil.
  /// - Returns: the words.
  private func fix(_ fix: StepNote.Fix, for step: Step, _ cause: Text?, reason: String? = nil) -> String {
    let known = Step.Cause(reason: reason, speculation: Mitigations(read).speculationRemedy)
    let advice = cause?.shown ?? "\(step.description.remedy)"
    switch fix {
    case .advised: return advice
    case .advisedWithSettings:
      if Step.allCases.contains(where: { $0.referral == cause }) { return advice }
      return ([advice] + settings(for: step)).joined(separator: "; ")
    case .settings:
      if !rehearsal.has(.userNamespace) { return self.fix(.asFor(.userNamespace), for: step, cause) }
      let settings = settings(for: step)
      return settings.isEmpty ? step.advice(known) : settings.joined(separator: "; ")
    case .machine: return kvm.refusal == nil ? advice : machineRemedy
    case .asFor(let other): return other.referral.shown
    case .always: return step.advice(known)
    }
  }
}

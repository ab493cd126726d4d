import Confinement
import Procfs
import Text

extension Checks {
  /// The rehearsal as a whole, then each step of the seal but the receipt, which is had where it is asked for.
  static let sealChecks: [HostCheck] =
    [HostCheck(.seal, "rehearsal") { evidence in rehearsal(evidence) }]
    + Step.allCases.filter { $0 != .receipt }.map { step in
      HostCheck(.seal, "\(step.description.name)") { evidence in answer(step, evidence) }
    }

  private static func rehearsal(_ evidence: HostEvidence) -> HostAnswer {
    let rehearsal = evidence.rehearsal
    guard let failure = rehearsal.failure else {
      let way = "--confine=\(rehearsal.confinement.name)"
      // Steps that are gone without have findings of their own.
      let warnings = rehearsal.warnings.filter { !Text($0).begins(with: "running without ") }.map { "; \($0)" }.joined()
      guard rehearsal.refusals.isEmpty else { return .information("a child with \(way) was refused a step, see below") }
      let sealed = "a child was sealed as brig-hvt seals itself, by \(way), its filter too"
      return warnings.isEmpty ? .ok(sealed) : .information(sealed + warnings)
    }
    let fix =
      rehearsal.advice
      ?? (failure.contains("guest memory") ? "ulimit -v unlimited, or a guest with less --mem" : "see what it says")
    return .missing(failure, Loss(.refused, "brig-hvt doesn't start", fix: fix))
  }

  private static func answer(_ step: Step, _ evidence: HostEvidence) -> HostAnswer {
    let (name, rehearsal) = ("\(step.description.name)", evidence.rehearsal)
    if let refused = rehearsal.refusals.first(where: { $0.step == name }) {
      let cost = "brig-hvt doesn't start: without it \(cost(of: step))"
      return .missing(refused.reason, Loss(.refused, cost, fix: fix(for: step, refused.remedy, evidence)))
    }
    guard let record = rehearsal.steps.first(where: { $0.name == name }) else {
      return .unknown("not tried: the rehearsal ended before")
    }
    guard let reason = record.unavailable else { return .ok(detail(step, rehearsal)) }
    switch step.description.necessity {
    // A required step that was neither taken nor refused has nothing to do.
    case .required: return .notApplicable(reason)
    case .forgivable:
      return .missing(
        reason,
        Loss(
          .fallback, "brig-hvt starts with --confine=fallback only: \(cost(of: step))",
          fix: fix(for: step, record.remedy, evidence)))
    case .bestEffort:
      if step == .coreScheduling, evidence.line("/sys/devices/system/cpu/smt/active") == "0" {
        return .notApplicable("\(reason): cores have one thread here")
      }
      return .missing(reason, Loss(.weaker, cost(of: step), fix: fix(for: step, record.remedy, evidence)))
    }
  }

  private static func detail(_ step: Step, _ rehearsal: Rehearsal) -> String {
    step == .landlock ? "in force, by version \(rehearsal.landlock) of its interface" : "in force"
  }
}

import Confinement
import Doctor
import Text

/// Hosts that tests make up: files and directories by name, and what a rehearsal came to.
enum Host {
  /// A host whose files hold these texts, and on which a child was sealed.
  static func with(_ files: [String: String] = [:], directories: [String: [String]] = [:]) -> HostEvidence {
    var evidence = HostEvidence(
      read: { path in files[path.shown].map { Text($0) } },
      names: { path in directories[path.shown]?.map { Text($0) } })
    evidence.kvm.refusal = nil
    for capability in Capability.all {
      evidence.kvm.answers[capability.name] = max(capability.wanted, 1)
    }
    evidence.kvmNode = .present(owner: 0, group: 36, permissions: 0o660, isDevice: true)
    evidence.tunNode = .present(owner: 0, group: 0, permissions: 0o666, isDevice: true)
    evidence.user = 1000
    evidence.groups = [1000, 36]
    for wanted in SeccompSurvey.Wanted.allCases { evidence.seccomp.actions[wanted] = .some(true) }
    evidence.seccomp.synchronises = true
    evidence.personality = 0
    evidence.rehearsal = sealed
    return evidence
  }

  /// A rehearsal in which each step was taken.
  static let sealed: Rehearsal = {
    var rehearsal = Rehearsal()
    rehearsal.steps = Step.allCases.filter { $0 != .receipt }.map { Seal.Record(step: $0) }
    rehearsal.landlock = 6
    return rehearsal
  }()

  /// A rehearsal without a step, which was refused or, where it may be missing, noted.
  static func sealed(
    without step: Step, reason: Text = "unshare: Operation not permitted", remedy: Text? = nil
  ) -> Rehearsal {
    var rehearsal = sealed
    switch step.description.necessity {
    case .required:
      rehearsal.steps.removeAll { $0.step == step }
      rehearsal.refusals = [Refusal(step: step, reason: reason, remedy: remedy)]
    case .forgivable, .bestEffort:
      rehearsal.steps = rehearsal.steps.map {
        $0.step == step ? Seal.Record(step: step, unavailable: reason, remedy: remedy) : $0
      }
      if step.description.necessity == .forgivable { rehearsal.confinement = .fallback }
    }
    return rehearsal
  }
}

extension Doctor {
  func finding(_ name: String) -> HostFinding? { findings.first { $0.name == name } }
}

import Confinement

extension AuditCheck {
  /// What to do about a no: a step's remedy or advice, which the doctor gives too; for a trait one from here.
  var remedy: String {
    switch self {
    case .step(let step):
      let own = "\(step.description.remedy)"
      return own.isEmpty ? step.advice : own
    case .trait(let trait): return trait.remedy
    }
  }
}

extension AuditCheck.Trait {
  fileprivate var remedy: String {
    switch self {
    case .groups: "start it as root, or as a user without supplementary groups"
    case .oneThread: "use a program of one thread, and share its memory and descriptors with none"
    case .notTraced: "end the debugger"
    case .environment: "start it with an empty environment"
    case .writableCode: "map no memory both writable and executable"
    case .mappings: "use a static program that maps no files, no shared memory and one vCPU"
    case .processorFlaws: "update kernel and microcode, and start the machine without mitigations=off"
    case .seccomp: "install a seccomp filter on every thread, and end vhost and io_uring"
    case .fewSystemCalls: "allow no more calls than brig policy show has"
    case .argumentsPinned: "give each argument of each allowed call a condition"
    case .foreignCallsRefused: "let the filter refuse other architectures and x32"
    case .forbiddenCallsKill: "let the filter kill, as without --seccomp=report"
    }
  }
}

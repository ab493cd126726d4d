import Confinement
import Procfs

/// What the audit knows of why a check says no, which its remedy has to fit.
struct AuditCause: Sendable {
  /// Whether the process is a tender, which tried each step; any other program has to take the step itself.
  let isTender: Bool
  /// What the process's own receipt says of why the step is missing.
  var reason: String?
  /// Whether a receipt was named that is another process's.
  var isForeignReceipt = false
  let machine: Mitigations
  /// The flaws of the processor that are open.
  var flaws: [ProcessorFlaw] = []

  fileprivate var step: Step.Cause { Step.Cause(reason: reason, speculation: machine.speculationRemedy) }
}

extension AuditCheck {
  /// What to do about a no.
  ///
  /// - Parameter cause: what is known of why. A tender's remedy is what would have let it, and the doctor gives the
  ///   same.
  /// - Returns: the remedy for people.
  func remedy(_ cause: AuditCause) -> String {
    switch self {
    case .step(let step):
      if let own = cause.isTender ? step.remedyForTender(cause) : step.remedyForAnyProgram(cause) { return own }
      let own = "\(step.description.remedy)"
      return own.isEmpty ? step.advice(cause.step) : own
    case .trait(let trait): return trait.remedy(cause)
    }
  }
}

extension Step {
  /// What a tender's launcher does about a step that a running tender lacks, where the remedy of a refused start
  /// doesn't fit.
  fileprivate func remedyForTender(_ cause: AuditCause) -> String? {
    switch self {
    case .user:
      "start it as root without --user: it then becomes a user that no other process has, so that none may signal or limit it"
    case .netNamespace where cause.reason == nil:
      "start it with --net-namespace=own and without --confine=fallback, or with a prepared one that is empty"
    case .receipt: Self.receiptRemedy(cause)
    case .filter: "start it anew by this version's brig-hvt, with a receipt that is its own and unchanged"
    case .signals, .sessionKeyring, .oomScore, .standardDescriptors, .scheduling, .memoryMerging, .strayDescriptors,
      .sharedMemory, .hostPrivileges, .userNamespace, .mountNamespace, .netNamespace, .ipcNamespace, .utsNamespace,
      .cgroupNamespace, .nestedNamespaces, .emptyRoot, .capabilities, .dumpable, .noNewPrivileges, .writeExecute,
      .landlock, .speculation, .coreScheduling, .pollDeadlines, .virtualMachine, .memorySeal, .coreLimit, .processLimit,
      .descriptorLimit, .fileSizeLimit:
      nil
    }
  }

  private static func receiptRemedy(_ cause: AuditCause) -> String {
    cause.isForeignReceipt
      ? "name this process's receipt, or none" : "name the receipt that it wrote when it was sealed, unchanged"
  }

  /// What a program does that is no tender; nil for what only a tender's receipt shows.
  fileprivate func remedyForAnyProgram(_ cause: AuditCause) -> String? {
    switch self {
    case .capabilities: "drop all capabilities, in each of the five sets"
    case .user: "run it as a user that no other process has"
    case .standardDescriptors: "start it with /dev/null as descriptor 0"
    case .strayDescriptors: "close what it doesn't need: close_range(2), or O_CLOEXEC in its launcher"
    case .virtualMachine: "close /dev/kvm and the VM once the vCPU is made"
    case .userNamespace: "start it in a user namespace of its own (unshare --user)"
    case .mountNamespace: "start it in a mount namespace of its own (unshare --mount)"
    case .netNamespace: "start it in an empty net namespace of its own (unshare --net)"
    case .ipcNamespace: "start it in an IPC namespace of its own (unshare --ipc)"
    case .utsNamespace: "start it in a UTS namespace of its own (unshare --uts)"
    case .cgroupNamespace: "start it in a cgroup namespace of its own (unshare --cgroup)"
    case .nestedNamespaces: "set user.max_user_namespaces to 0 in its user namespace (sysctl)"
    case .emptyRoot: "make one empty read-only tmpfs its root, and unmount all else"
    case .dumpable: "prctl(PR_SET_DUMPABLE, 0) behind its last execve(2)"
    case .noNewPrivileges: "prctl(PR_SET_NO_NEW_PRIVS), or setpriv --no-new-privs"
    case .memorySeal: "seal code and constants by mseal(2), which Linux 6.10 has"
    case .speculation: "prctl(PR_SET_SPECULATION_CTRL); where that is refused: \(cause.machine.speculationRemedy)"
    case .coreScheduling: "prctl(PR_SCHED_CORE), or boot with nosmt"
    case .memoryMerging: "prctl(PR_SET_MEMORY_MERGE, 0)"
    case .oomScore: "write 0 or more to its oom_score_adj"
    case .scheduling: "give it a policy without real time (chrt --other)"
    case .pollDeadlines: "prctl(PR_SET_TIMERSLACK, 1), and personality(2) with STICKY_TIMEOUTS"
    case .signals: "unblock all signals"
    case .coreLimit: "set the hard limit to 0 (prlimit --core=0:0)"
    case .processLimit: "set the hard limit to 0 (prlimit --nproc=0:0)"
    case .descriptorLimit: "set the hard limit to what is open (prlimit --nofile)"
    case .fileSizeLimit: "set a hard limit (prlimit --fsize)"
    case .filter: "run the guest in brig-hvt: no other program makes a tender's calls and no others"
    case .receipt: Self.receiptRemedy(cause)
    case .sessionKeyring, .sharedMemory, .hostPrivileges, .writeExecute, .landlock: nil
    }
  }
}

extension AuditCheck.Trait {
  fileprivate func remedy(_ cause: AuditCause) -> String {
    switch self {
    case .groups:
      cause.isTender
        ? "start it as root, or as a user without supplementary groups"
        : "give it one group that isn't root's, and no supplementary groups"
    case .oneThread: "use a program of one thread, and share its memory and descriptors with none"
    case .notTraced: "end the debugger"
    case .environment: "start it with an empty environment"
    case .writableCode: "map no memory both writable and executable"
    case .mappings: "use a static program that maps no files, no shared memory and one vCPU"
    case .processorFlaws:
      cause.flaws.map { $0.fix(cause.machine) }.reduce(into: [String]()) { all, fix in
        if !all.contains(fix) { all.append(fix) }
      }.joined(separator: "; ")
    case .seccomp: "install a seccomp filter on every thread, and end vhost and io_uring"
    case .fewSystemCalls: "allow no more calls than brig policy show has"
    case .argumentsPinned: "give each argument of each allowed call a condition"
    case .foreignCallsRefused: "let the filter refuse other architectures and x32"
    case .forbiddenCallsKill: "let the filter kill, as without --seccomp=report"
    }
  }
}

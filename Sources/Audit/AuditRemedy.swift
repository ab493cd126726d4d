import Confinement

extension AuditCheck {
  /// What to do about a no: for a step that the tender can't do without the step's own remedy, else one from here.
  var remedy: String {
    switch self {
    case .step(let step):
      let own = "\(step.description.remedy)"
      return own.isEmpty ? step.wish : own
    case .trait(let trait): return trait.remedy
    }
  }
}

extension Step {
  /// What gives a step that a tender starts without; empty for the others, which have remedies of their own.
  fileprivate var wish: String {
    switch self {
    case .sessionKeyring: "allow keyctl, and use a kernel with CONFIG_KEYS"
    case .sharedMemory, .ipcNamespace: "use a kernel with CONFIG_IPC_NS, and raise user.max_ipc_namespaces (sysctl)"
    case .utsNamespace: "use a kernel with CONFIG_UTS_NS, and raise user.max_uts_namespaces (sysctl)"
    case .cgroupNamespace: "raise user.max_cgroup_namespaces (sysctl)"
    case .oomScore: "start it with an OOM score that isn't negative (choom -n 0)"
    case .scheduling: "start it without a real-time or deadline policy (chrt -o 0)"
    case .memorySeal: "use a kernel that has mseal"
    case .nestedNamespaces: "give it a user namespace of its own, in which no process has an id"
    case .writeExecute: "use a kernel that has PR_SET_MDWE"
    case .landlock: "use a kernel with CONFIG_SECURITY_LANDLOCK, and name landlock in its lsm="
    case .speculation: "start the machine without mitigations=off"
    case .coreScheduling: "use a kernel with CONFIG_SCHED_CORE, or turn SMT off"
    case .memoryMerging: "start it from a process that doesn't have its pages merged (PR_SET_MEMORY_MERGE)"
    case .pollDeadlines: "allow prctl(PR_SET_TIMERSLACK) and personality"
    case .coreLimit, .processLimit, .descriptorLimit, .fileSizeLimit: "allow it to lower its limits (prlimit64)"
    case .standardDescriptors, .strayDescriptors, .user, .hostPrivileges, .userNamespace, .mountNamespace,
      .netNamespace, .emptyRoot, .virtualMachine, .capabilities, .dumpable, .noNewPrivileges, .signals,
      .receipt, .filter:
      ""
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

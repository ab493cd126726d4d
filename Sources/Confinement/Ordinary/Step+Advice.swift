extension Step {
  /// What gives a step to a tender that starts without it, for a person; empty for the others, whose descriptions have remedies.
  package var advice: String {
    switch self {
    case .sessionKeyring: "allow keyctl in the outer seccomp filter, and more keys (sysctl kernel.keys.maxkeys)"
    case .sharedMemory: "start it as root with CAP_SYS_ADMIN, and mount /proc/sys so that it can be written"
    case .ipcNamespace, .utsNamespace, .cgroupNamespace:
      "a kernel with that kind of namespace, or an outer filter that allows it"
    case .oomScore: "start it with an OOMScoreAdjust of at least 0"
    case .scheduling: "allow sched_getscheduler and sched_setscheduler in the outer seccomp filter"
    case .memoryMerging: "Linux 6.4 with CONFIG_KSM; a kernel without CONFIG_KSM merges nothing"
    case .nestedNamespaces: "as for \(Step.userNamespace.description.name)"
    case .writeExecute: "Linux 6.3 or later"
    case .memorySeal: "Linux 6.10 or later, and no outer seccomp filter"
    case .landlock: "Linux 5.13 with CONFIG_SECURITY_LANDLOCK, and landlock in lsm= of the kernel's command line"
    case .speculation: "boot without mitigations=off, or with spec_store_bypass_disable=prctl spectre_v2_user=prctl"
    case .coreScheduling: "a kernel with CONFIG_SCHED_CORE (Linux 5.14), or boot with nosmt"
    case .pollDeadlines: "allow personality in the outer seccomp filter (systemd: LockPersonality=no)"
    case .coreLimit, .processLimit, .descriptorLimit: "allow prlimit64 in the outer seccomp filter"
    case .fileSizeLimit:
      "use no regular file as standard output or standard error, and allow prlimit64 in the outer seccomp filter"
    case .standardDescriptors, .strayDescriptors, .user, .hostPrivileges, .userNamespace, .mountNamespace,
      .netNamespace, .emptyRoot, .virtualMachine, .capabilities, .dumpable, .noNewPrivileges, .signals, .receipt,
      .filter:
      ""
    }
  }
}

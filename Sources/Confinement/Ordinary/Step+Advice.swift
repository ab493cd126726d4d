extension Step {
  /// What is known of why a step is missing.
  package struct Cause: Sendable {
    /// What the tender said of it; nil where that isn't known.
    let reason: String?
    /// What would let a process of this machine restrict its speculation.
    let speculation: String

    package init(reason: String?, speculation: String) { (self.reason, self.speculation) = (reason, speculation) }

    /// Chooses between two remedies by a word of the reason; both for no reason.
    fileprivate func choose(_ word: String, _ first: String, _ second: String) -> String {
      guard let reason else { return "\(first); or \(second)" }
      return reason.contains(word) ? first : second
    }
  }

  /// What gives a step to a tender that starts without it, for a person; empty for the others, whose descriptions have
  /// remedies.
  package func advice(_ cause: Cause) -> String {
    switch self {
    case .sessionKeyring:
      cause.choose(
        "quota", "allow its user more keys (sysctl kernel.keys.maxkeys and maxbytes)",
        "let an outer seccomp filter allow keyctl, on a kernel with CONFIG_KEYS")
    case .sharedMemory: "start it as root with CAP_SYS_ADMIN, and mount /proc/sys so that it can be written"
    case .ipcNamespace, .utsNamespace, .cgroupNamespace:
      "a kernel with that kind of namespace, or an outer filter that allows it"
    case .oomScore: "start it with an OOMScoreAdjust of at least 0"
    case .scheduling: "let an outer seccomp filter allow sched_getscheduler and sched_setscheduler"
    case .memoryMerging: "Linux 6.4 with CONFIG_KSM; a kernel without CONFIG_KSM merges nothing"
    case .nestedNamespaces: "as for \(Step.userNamespace.description.name)"
    case .writeExecute: "Linux 6.3 or later"
    case .memorySeal: "Linux 6.10 or later, and no outer seccomp filter"
    case .landlock: "Linux 5.13 with CONFIG_SECURITY_LANDLOCK, and landlock in lsm= of the kernel's command line"
    case .speculation: cause.speculation
    case .coreScheduling: "a kernel with CONFIG_SCHED_CORE (Linux 5.14), or boot with nosmt"
    case .pollDeadlines: "let an outer seccomp filter allow personality (systemd: LockPersonality=no)"
    case .coreLimit, .processLimit, .descriptorLimit: "let an outer seccomp filter allow prlimit64"
    case .fileSizeLimit:
      cause.choose(
        "regular file", "send standard output and standard error to a pipe or the journal, not to a file",
        "let an outer seccomp filter allow prlimit64")
    case .standardDescriptors, .strayDescriptors, .user, .hostPrivileges, .userNamespace, .mountNamespace,
      .netNamespace, .emptyRoot, .virtualMachine, .capabilities, .dumpable, .noNewPrivileges, .signals, .receipt,
      .filter:
      ""
    }
  }
}

import Confinement
import Procfs
import Text

extension Checks {
  /// What a tender without a step leaves open.
  static func cost(of step: Step) -> String {
    switch step {
    case .standardDescriptors: "console text could be written into a disk"
    case .strayDescriptors: "what the launcher left open would be within reach"
    case .sessionKeyring: "keys of the launcher's session keyring could be read, if the filter failed"
    case .sharedMemory: "memory could be made executable by System V shared memory, if the filter failed"
    case .user: "the tender would share its user with other processes"
    case .hostPrivileges: "capabilities of the host's would stay"
    case .userNamespace: "an ordinary user has no namespace at all"
    case .mountNamespace: "the host's files are within reach of whoever hijacks the tender"
    case .netNamespace: "the host's networks are within reach of whoever hijacks the tender"
    case .ipcNamespace: "the host's System V objects and message queues can be named"
    case .utsNamespace: "the host's name can be read"
    case .cgroupNamespace: "the host's control groups can be read"
    case .oomScore: "a launcher's exemption from the out-of-memory killer stays: others die for a guest"
    case .scheduling: "a guest that never waits could keep a processor from everybody else"
    case .memorySeal: "the tender's code and the window could be unmapped or mapped otherwise, if the filter failed"
    case .nestedNamespaces: "a further user namespace would grant capabilities again, if the filter failed"
    case .emptyRoot: "the host's directory tree can be opened, if the filter fails"
    case .virtualMachine: "there is nothing to run a guest in"
    case .capabilities: "capabilities would stay"
    case .dumpable: "processes of the same user could trace it"
    case .noNewPrivileges: "executing a file could gain a privilege"
    case .writeExecute: "memory could be made executable, if the filter failed"
    case .landlock: "files, ports and signals rest on namespaces and the filter alone"
    case .speculation: "speculation past stores or through branches may leak what the tender's memory holds"
    case .coreScheduling: "another process may run on the core's other thread and time what the guest does"
    case .memoryMerging: "pages may be merged with equal ones of others, which timing tells"
    case .pollDeadlines: "a stop, a freezer or the launcher's timer slack may make a guest's POLL late"
    case .coreLimit: "a crash may leave guest memory in a core file"
    case .processLimit: "a process could be made, if the filter failed"
    case .descriptorLimit: "a descriptor could be opened, if the filter failed"
    case .fileSizeLimit: "a file could grow without an end"
    case .signals: "a signal handler would make a forbidden call"
    case .receipt: "nobody is told what the seal consists of"
    case .filter: "every system call could be made"
    }
  }

  /// What to do so that a step is had: by its cause, which the tender itself has found out, else what is always advised.
  static func fix(for step: Step, _ cause: String?, _ evidence: HostEvidence) -> String {
    let remedy = cause ?? "\(step.description.remedy)"
    switch step {
    case .virtualMachine:
      guard evidence.kvm.refusal != nil else { return remedy }
      return evidence.machineRemedy
    case .ipcNamespace, .utsNamespace, .cgroupNamespace:
      if !evidence.rehearsal.has(.userNamespace) { return "as for user-namespace" }
      let settings = evidence.settings(for: "\(step.description.name)")
      guard settings.isEmpty else { return settings.joined(separator: "; ") }
      return "a kernel with that kind of namespace, or an outer filter that allows it"
    case .userNamespace, .mountNamespace, .netNamespace, .emptyRoot:
      if let cause, Text(cause).begins(with: "as for ") { return cause }
      return ([remedy] + evidence.settings(for: "\(step.description.name)")).joined(separator: "; ")
    case .nestedNamespaces: return "as for user-namespace"
    case .sessionKeyring:
      return "allow keyctl in the outer seccomp filter, and more keys (sysctl kernel.keys.maxkeys)"
    case .sharedMemory:
      return "start it as root with CAP_SYS_ADMIN, and mount /proc/sys so that it can be written"
    case .oomScore: return "start it with an OOMScoreAdjust of at least 0"
    case .scheduling: return "allow sched_getscheduler and sched_setscheduler in the outer seccomp filter"
    case .memorySeal: return "Linux 6.10 or later, and no outer seccomp filter"
    case .writeExecute: return "Linux 6.3 or later"
    case .landlock: return "Linux 5.13 with CONFIG_SECURITY_LANDLOCK, and landlock in lsm= of the kernel's command line"
    case .speculation:
      return "boot without mitigations=off, or with spec_store_bypass_disable=prctl spectre_v2_user=prctl"
    case .coreScheduling: return "a kernel with CONFIG_SCHED_CORE (Linux 5.14), or boot with nosmt"
    case .memoryMerging: return "Linux 6.4 with CONFIG_KSM; a kernel without CONFIG_KSM merges nothing"
    case .pollDeadlines: return "allow personality in the outer seccomp filter (systemd: LockPersonality=no)"
    case .coreLimit, .processLimit, .descriptorLimit, .fileSizeLimit:
      return "allow prlimit64 in the outer seccomp filter"
    default: return remedy
    }
  }
}

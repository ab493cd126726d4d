package import Text

/// One step of the seal; `docs/architecture.md` has the order in which they are taken.
package enum Step: Int, CaseIterable, Sendable {
  case standardDescriptors, strayDescriptors
  case sessionKeyring, sharedMemory, user, hostPrivileges
  case userNamespace, mountNamespace, netNamespace, ipcNamespace, utsNamespace, cgroupNamespace
  case oomScore, scheduling, memoryMerging, nestedNamespaces, emptyRoot
  case virtualMachine
  case capabilities, dumpable, noNewPrivileges
  case writeExecute, memorySeal, landlock, speculation, coreScheduling
  case pollDeadlines
  case coreLimit, processLimit, descriptorLimit, fileSizeLimit, signals
  case receipt, filter
}

extension Step {
  /// What happens when the kernel refuses a step.
  package enum Necessity: Equatable, Sendable {
    /// The tender doesn't start.
    case required
    /// The tender doesn't start, unless `--confine=fallback` forgives it with a warning.
    case forgivable
    /// The receipt says that it is missing, and why.
    case bestEffort
  }

  /// What is said of a step: its name in messages and in the receipt, its necessity, and what to do when it is refused.
  package struct Description: Sendable {
    package let name: StaticString
    package let necessity: Necessity
    package let remedy: StaticString
  }

  /// The step of a name in messages and in the receipt, nil for what is none.
  package init?(named name: Text) {
    for step in Step.allCases where Text(step.description.name) == name {
      self = step
      return
    }
    return nil
  }

  /// What is advised where another step's remedy helps this one.
  package var referral: Text { "as for \(description.name)" }

  /// The one table that says which steps the seal can't do without.
  package var description: Description {
    switch self {
    case .standardDescriptors:
      required("standard-descriptors", "make /dev/null available, and allow more descriptors (ulimit -n)")
    case .strayDescriptors:
      required("stray-descriptors", "allow close_range or close in the outer seccomp filter, and mount /proc")
    case .sessionKeyring: bestEffort("session-keyring")
    case .user:
      required("user", "start as an ordinary user, or as root with CAP_SETUID and CAP_SETGID")
    case .hostPrivileges:
      required("host-privileges", "start without capabilities")
    case .userNamespace: forgivable("user-namespace", "use a kernel with CONFIG_USER_NS")
    case .mountNamespace: forgivable("mount-namespace", "raise user.max_mnt_namespaces (sysctl)")
    case .netNamespace: forgivable("net-namespace", "raise user.max_net_namespaces (sysctl)")
    case .sharedMemory: bestEffort("shared-memory")
    case .ipcNamespace: bestEffort("ipc-namespace")
    case .utsNamespace: bestEffort("uts-namespace")
    case .cgroupNamespace: bestEffort("cgroup-namespace")
    case .oomScore: bestEffort("oom-score")
    case .scheduling: bestEffort("real-time-scheduling")
    case .memorySeal: bestEffort("memory-sealing")
    case .nestedNamespaces: bestEffort("nested-namespaces")
    case .emptyRoot: forgivable("empty-root", "allow mount and pivot_root in a user namespace")
    case .virtualMachine:
      required(
        "virtual-machine", "see what the kernel log says of KVM, and allow its helper thread (ulimit -u)")
    case .capabilities:
      required("capabilities", "start with CAP_SETPCAP or with no capability at all")
    case .dumpable: required("not-dumpable", "allow prctl(PR_SET_DUMPABLE)")
    case .noNewPrivileges: required("no-new-privs", "allow prctl(PR_SET_NO_NEW_PRIVS)")
    case .writeExecute: bestEffort("memory-deny-write-execute")
    case .landlock: bestEffort("landlock")
    case .speculation: bestEffort("speculation")
    case .coreScheduling: bestEffort("core-scheduling")
    case .memoryMerging: bestEffort("memory-merging")
    case .pollDeadlines: bestEffort("poll-deadlines")
    case .coreLimit: bestEffort("limit-core")
    case .processLimit: bestEffort("limit-nproc")
    case .descriptorLimit: bestEffort("limit-nofile")
    case .fileSizeLimit: bestEffort("limit-fsize")
    case .signals: required("signals", "allow rt_sigaction and rt_sigprocmask")
    case .receipt: required("receipt", "name a file in a directory that can be written, on a file system with space")
    case .filter: required("seccomp-filter", "use a kernel with CONFIG_SECCOMP_FILTER, and allow seccomp(2)")
    }
  }

  private func required(_ name: StaticString, _ remedy: StaticString) -> Description {
    Description(name: name, necessity: .required, remedy: remedy)
  }
  private func forgivable(_ name: StaticString, _ remedy: StaticString) -> Description {
    Description(name: name, necessity: .forgivable, remedy: remedy)
  }
  private func bestEffort(_ name: StaticString) -> Description {
    Description(name: name, necessity: .bestEffort, remedy: "")
  }
}

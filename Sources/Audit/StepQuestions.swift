import Confinement
import Text

extension Step {
  /// How the audit finds out whether the step is in force: who adds a step decides here.
  var question: AuditQuestion {
    switch self {
    case .standardDescriptors: .seen(1, Descriptors.standardInput)
    case .strayDescriptors: .seen(8, Descriptors.stray)
    case .sessionKeyring: .told(1, because: "the kernel shows nobody else which keyrings a process has")
    case .sharedMemory: .told(1, because: "how many segments an IPC namespace may have is told to who is in it")
    case .user: .seen(8, Users.own)
    case .hostPrivileges: .told(1, because: "what was given up before the namespaces were made leaves no trace")
    case .userNamespace: .glimpsed(6, Namespaces.differ("user"))
    case .mountNamespace: .glimpsed(6, Namespaces.differ("mnt"))
    case .netNamespace: .glimpsed(8, Namespaces.net)
    case .ipcNamespace: .glimpsed(2, Namespaces.differ("ipc"))
    case .utsNamespace: .glimpsed(1, Namespaces.differ("uts"))
    case .cgroupNamespace: .glimpsed(1, Namespaces.differ("cgroup"))
    case .oomScore: .seen(1, OOMScore.answer)
    case .scheduling: .seen(1, Scheduling.answer)
    case .memoryMerging: .seen(1, MemoryMerging.answer)
    case .nestedNamespaces: .seen(2, Namespaces.nested)
    case .emptyRoot: .seen(8, EmptyRoot.answer)
    case .virtualMachine: .seen(6, Descriptors.machine)
    case .capabilities: .seen(10, Privileges.capabilities)
    case .dumpable: .seen(4, Dumpable.answer)
    case .noNewPrivileges: .seen(5, Privileges.noNew)
    case .writeExecute: .told(3, because: "the kernel tells it only the process itself")
    case .memorySeal: .seen(2, MemorySeal.answer)
    case .landlock: .told(3, because: "the kernel tells nobody which domain a process is in")
    case .speculation: .seen(3, Speculation.answer)
    case .coreScheduling: .seen(2, CoreScheduling.answer)
    case .pollDeadlines: .seen(1, Deadlines.answer)
    case .coreLimit: .seen(2, ResourceLimits.none("Max core file size"))
    case .processLimit: .seen(3, ResourceLimits.none("Max processes"))
    case .descriptorLimit: .seen(3, Descriptors.limit)
    case .fileSizeLimit: .seen(2, ResourceLimits.fileSize)
    case .signals: .seen(1, Threads.signals)
    case .receipt: .seen(4, FilterChecks.receipt)
    case .filter: .seen(15, FilterChecks.proved)
    }
  }
}

extension AuditCheck.Trait {
  /// How the audit finds out whether a process has it.
  var question: AuditQuestion {
    switch self {
    case .groups: .seen(3, Users.groups)
    case .oneThread: .seen(4, Threads.one)
    case .notTraced: .seen(4, Threads.untraced)
    case .environment: .seen(2, Environment.answer)
    case .writableCode: .seen(3, Mappings.writableCode)
    case .mappings: .seen(6, Mappings.answer)
    case .processorFlaws: .seen(3, ProcessorFlaws.answer)
    case .seccomp: .seen(15, FilterChecks.everywhere)
    case .fewSystemCalls: .seen(10, FilterChecks.few)
    case .argumentsPinned: .seen(10, FilterChecks.pinned)
    case .foreignCallsRefused: .seen(5, FilterChecks.foreign)
    case .forbiddenCallsKill: .seen(5, FilterChecks.deadly)
    }
  }
}

import Confinement

extension Step {
  /// Why nobody but the process itself can tell whether the step is in force; nil where a check of its name looks.
  ///
  /// There is no other case: who adds a step decides here.
  var isHiddenBecause: String? {
    switch self {
    case .sessionKeyring: "the kernel shows nobody else which keyrings a process has"
    case .sharedMemory: "how many segments an IPC namespace may have is told to who is in it"
    case .hostPrivileges: "what was given up before the namespaces were made leaves no trace"
    case .writeExecute: "the kernel tells it only the process itself"
    case .landlock: "the kernel tells nobody which domain a process is in"
    case .standardDescriptors, .strayDescriptors, .user, .userNamespace, .mountNamespace, .netNamespace, .ipcNamespace,
      .utsNamespace, .cgroupNamespace, .oomScore, .scheduling, .nestedNamespaces, .emptyRoot, .virtualMachine,
      .capabilities, .dumpable, .noNewPrivileges, .memorySeal, .speculation, .coreScheduling, .memoryMerging,
      .pollDeadlines, .coreLimit, .processLimit, .descriptorLimit, .fileSizeLimit, .signals, .receipt, .filter:
      nil
    }
  }

  /// How much the receipt's word on it counts.
  var hiddenWeight: Int { self == .writeExecute || self == .landlock ? 3 : 1 }
}

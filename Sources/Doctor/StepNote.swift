import Confinement

/// What the doctor says of a step that isn't had.
struct StepNote: Sendable {
  /// What is to be done so that a step is had.
  enum Fix: Sendable {
    /// What the tender has found out about the cause, else what the step's description advises.
    case advised
    /// The same, and the settings of the kernel's that restrict this kind of namespace.
    case advisedWithSettings
    /// The settings alone, or the step's advice where none restricts this kind of namespace.
    case settings
    /// What makes `/dev/kvm` usable where it isn't, else what is advised.
    case machine
    /// What another step needs.
    case asFor(Step)
    /// The step's advice, whatever the cause.
    case always
  }

  /// What a tender without the step leaves open.
  let cost: String
  let fix: Fix

  init(_ cost: String, _ fix: Fix) { (self.cost, self.fix) = (cost, fix) }
}

extension Step {
  /// What the doctor says where the step isn't had, nil where no rehearsal takes it: who adds a step decides here.
  var note: StepNote? {
    switch self {
    case .standardDescriptors: StepNote("console text could be written into a disk", .advised)
    case .strayDescriptors: StepNote("what the launcher left open would be within reach", .advised)
    case .sessionKeyring:
      StepNote("keys of the launcher's session keyring could be read, if the filter failed", .always)
    case .sharedMemory:
      StepNote("memory could be made executable by System V shared memory, if the filter failed", .always)
    case .user: StepNote("the tender would share its user with other processes", .advised)
    case .hostPrivileges: StepNote("capabilities of the host's would stay", .advised)
    case .userNamespace: StepNote("an ordinary user has no namespace at all", .advisedWithSettings)
    case .mountNamespace:
      StepNote("the host's files are within reach of whoever hijacks the tender", .advisedWithSettings)
    case .netNamespace:
      StepNote("the host's networks are within reach of whoever hijacks the tender", .advisedWithSettings)
    case .ipcNamespace:
      StepNote("the host's System V objects and message queues can be named", .settings)
    case .utsNamespace: StepNote("the host's name can be read", .settings)
    case .cgroupNamespace: StepNote("the host's control groups can be read", .settings)
    case .oomScore:
      StepNote("a launcher's exemption from the out-of-memory killer stays: others die for a guest", .always)
    case .scheduling:
      StepNote("a guest that never waits could keep a processor from everybody else", .always)
    case .memoryMerging:
      StepNote("pages may be merged with equal ones of others, which timing tells", .always)
    case .nestedNamespaces:
      StepNote("a further user namespace would grant capabilities again, if the filter failed", .asFor(.userNamespace))
    case .emptyRoot: StepNote("the host's directory tree can be opened, if the filter fails", .advisedWithSettings)
    case .virtualMachine: StepNote("there is nothing to run a guest in", .machine)
    case .capabilities: StepNote("capabilities would stay", .advised)
    case .dumpable: StepNote("processes of the same user could trace it", .advised)
    case .noNewPrivileges: StepNote("executing a file could gain a privilege", .advised)
    case .writeExecute:
      StepNote("memory could be made executable, if the filter failed", .always)
    case .memorySeal:
      StepNote("the tender's code and the window could be unmapped or mapped otherwise, if the filter failed", .always)
    case .landlock:
      StepNote("files, ports and signals rest on namespaces and the filter alone", .always)
    case .speculation:
      StepNote("speculation past stores or through branches may leak what the tender's memory holds", .always)
    case .coreScheduling:
      StepNote("another process may run on the core's other thread and time what the guest does", .always)
    case .pollDeadlines:
      StepNote("a stop, a freezer or the launcher's timer slack may make a guest's POLL late", .always)
    case .coreLimit: StepNote("a crash may leave guest memory in a core file", .always)
    case .processLimit: StepNote("a process could be made, if the filter failed", .always)
    case .descriptorLimit: StepNote("a descriptor could be opened, if the filter failed", .always)
    case .fileSizeLimit: StepNote("a file could grow without an end", .always)
    case .signals: StepNote("a signal handler would make a forbidden call", .advised)
    case .filter: StepNote("every system call could be made", .advised)
    // It is had where it is asked for.
    case .receipt: nil
    }
  }
}

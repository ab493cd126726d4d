import CLinux

/// A capability of KVM's that a machine is made with; whoever asks KVM for one names one of these.
///
/// `Sources/Doctor/Capability.swift` says of each what the tender does without it.
package enum KVMCapability: CaseIterable, Sendable {
  case userMemory, immediateExit
  #if arch(x86_64)
    case cpuid, clockFrequency, synchronisedRegisters
    case pmu, busLockExit, notifyExit, quirks, msrFilter, paravirtualFeatures
  #else
    case registers
  #endif

  /// What the kernel calls it, and what is asked of the answer.
  package struct Extension: Sendable {
    /// The kernel's name, without `KVM_CAP_` before it (`linux/kvm.h`).
    package let name: StaticString
    package let number: Int32
    /// The bits of the answer that must be set, and that a restriction sets; 0 where any answer but 0 will do.
    package var wanted = 0
    /// What the guest is not given by it, as the receipt names it; nil for what isn't taken from the guest.
    package var restriction: StaticString?
  }

  /// The capability's row in the table.
  package var row: Extension {
    switch self {
    case .userMemory: Extension(name: "USER_MEMORY", number: KVM_CAP_USER_MEMORY)
    case .immediateExit: Extension(name: "IMMEDIATE_EXIT", number: KVM_CAP_IMMEDIATE_EXIT)
    #if arch(x86_64)
      case .cpuid: Extension(name: "EXT_CPUID", number: KVM_CAP_EXT_CPUID)
      case .clockFrequency: Extension(name: "GET_TSC_KHZ", number: KVM_CAP_GET_TSC_KHZ)
      case .synchronisedRegisters:
        Extension(name: "SYNC_REGS", number: KVM_CAP_SYNC_REGS, wanted: Int(KVM_SYNC_X86_REGS))
      case .pmu:
        Extension(
          name: "PMU_CAPABILITY", number: KVM_CAP_PMU_CAPABILITY, wanted: Int(KVM_PMU_CAP_DISABLE), restriction: "pmu")
      case .busLockExit:
        // A split or bus-locking access slows every processor of the host: it ends the guest.
        Extension(
          name: "X86_BUS_LOCK_EXIT", number: KVM_CAP_X86_BUS_LOCK_EXIT, wanted: Int(KVM_BUS_LOCK_DETECTION_EXIT),
          restriction: "bus-lock-exit")
      case .notifyExit:
        // A guest that keeps the processor from taking interrupts comes back to the tender.
        Extension(
          name: "X86_NOTIFY_VMEXIT", number: KVM_CAP_X86_NOTIFY_VMEXIT,
          wanted: Int(KVM_X86_NOTIFY_VMEXIT_ENABLED | KVM_X86_NOTIFY_VMEXIT_USER), restriction: "notify-exit")
      case .quirks:
        // KVM writes the other vendor's hypercall instruction into the guest's code, which it otherwise never changes.
        Extension(
          name: "DISABLE_QUIRKS2", number: KVM_CAP_DISABLE_QUIRKS2, wanted: Int(KVM_X86_QUIRK_FIX_HYPERCALL_INSN),
          restriction: "hypercall-patching")
      case .msrFilter: Extension(name: "X86_MSR_FILTER", number: KVM_CAP_X86_MSR_FILTER, restriction: "msr-filter")
      case .paravirtualFeatures:
        Extension(
          name: "ENFORCE_PV_FEATURE_CPUID", number: KVM_CAP_ENFORCE_PV_FEATURE_CPUID, restriction: "paravirtual")
    #else
      case .registers: Extension(name: "ONE_REG", number: KVM_CAP_ONE_REG)
    #endif
    }
  }

  /// Whether an answer of KVM's says that it has the capability.
  package func isThere(_ answer: Int) -> Bool {
    let wanted = row.wanted
    return wanted == 0 ? answer > 0 : answer & wanted == wanted
  }
}

import CLinux

/// A capability of KVM's that the tender needs, or takes from the guest.
package struct Capability: Sendable {
  /// What the tender does without it.
  package enum Need: Equatable, Sendable {
    /// It doesn't start.
    case required(String)
    /// The guest is given more: the restriction's name in the receipt.
    case narrows(String)
    /// A message says less.
    case helps(String)
  }

  /// The kernel's name, without `KVM_CAP_` before it.
  package let name: String
  package let number: Int32
  /// The bits of the answer that must be set.
  package let wanted: Int
  package let need: Need

  init(_ name: String, _ number: Int32, wanted: Int = 0, _ need: Need) {
    self.name = name
    self.number = number
    self.wanted = wanted
    self.need = need
  }

  /// Whether an answer says that the kernel has it.
  package func isThere(_ answer: Int) -> Bool { wanted == 0 ? answer > 0 : answer & wanted == wanted }

  /// What `Sources/Machine` asks for, checked or not.
  package static let all: [Capability] =
    [
      Capability("USER_MEMORY", KVM_CAP_USER_MEMORY, .required("gives the guest its memory")),
      Capability("IMMEDIATE_EXIT", KVM_CAP_IMMEDIATE_EXIT, .required("enters KVM once before the seal is closed")),
    ] + native

  #if arch(x86_64)
    private static let native: [Capability] = [
      Capability("EXT_CPUID", KVM_CAP_EXT_CPUID, .required("tells which processor the guest can be shown")),
      Capability("GET_TSC_KHZ", KVM_CAP_GET_TSC_KHZ, .required("tells the guest how fast its clock runs")),
      Capability(
        "SYNC_REGS", KVM_CAP_SYNC_REGS, wanted: Int(KVM_SYNC_X86_REGS),
        .helps("messages about a guest that fails don't say where")),
      Capability("PMU_CAPABILITY", KVM_CAP_PMU_CAPABILITY, wanted: Int(KVM_PMU_CAP_DISABLE), .narrows("pmu")),
      Capability(
        "X86_BUS_LOCK_EXIT", KVM_CAP_X86_BUS_LOCK_EXIT, wanted: Int(KVM_BUS_LOCK_DETECTION_EXIT),
        .narrows("bus-lock-exit")),
      Capability(
        "X86_NOTIFY_VMEXIT", KVM_CAP_X86_NOTIFY_VMEXIT,
        wanted: Int(KVM_X86_NOTIFY_VMEXIT_ENABLED | KVM_X86_NOTIFY_VMEXIT_USER), .narrows("notify-exit")),
      Capability(
        "DISABLE_QUIRKS2", KVM_CAP_DISABLE_QUIRKS2, wanted: Int(KVM_X86_QUIRK_FIX_HYPERCALL_INSN),
        .narrows("hypercall-patching")),
      Capability("X86_MSR_FILTER", KVM_CAP_X86_MSR_FILTER, .narrows("msr-filter")),
      Capability("ENFORCE_PV_FEATURE_CPUID", KVM_CAP_ENFORCE_PV_FEATURE_CPUID, .narrows("paravirtual")),
    ]
  #else
    private static let native: [Capability] = [
      Capability("ONE_REG", KVM_CAP_ONE_REG, .required("sets the guest's registers"))
    ]
  #endif
}

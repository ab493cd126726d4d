import Machine

/// A capability of KVM's that the tender needs, or takes from the guest, and what it does without.
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

  let kvm: KVMCapability
  package let need: Need

  /// The kernel's name, without `KVM_CAP_` before it.
  package var name: String { "\(kvm.row.name)" }
  /// The bits of the answer that must be set.
  package var wanted: Int { kvm.row.wanted }

  /// Whether an answer says that the kernel has it.
  package func isThere(_ answer: Int) -> Bool { kvm.isThere(answer) }

  /// What `Sources/Machine` asks for, checked or not.
  package static let all = KVMCapability.allCases.map { Capability(kvm: $0, need: need(of: $0)) }

  private static func need(of capability: KVMCapability) -> Need {
    switch capability {
    case .userMemory: .required("gives the guest its memory")
    case .immediateExit: .required("enters KVM once before the seal is closed")
    #if arch(x86_64)
      case .cpuid: .required("tells which processor the guest can be shown")
      case .clockFrequency: .required("tells the guest how fast its clock runs")
      case .synchronisedRegisters: .helps("messages about a guest that fails don't say where")
      case .pmu, .busLockExit, .notifyExit, .quirks, .msrFilter, .paravirtualFeatures:
        .narrows(capability.row.restriction.map { "\($0)" } ?? "")
    #else
      case .registers: .required("sets the guest's registers")
    #endif
    }
  }
}

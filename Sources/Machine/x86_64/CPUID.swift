/// One CPUID leaf as KVM takes it (`struct kvm_cpuid_entry2`).
package struct CPUIDLeaf: Equatable, Sendable {
  package var function: UInt32
  package var index: UInt32
  package var flags: UInt32
  package var eax: UInt32
  package var ebx: UInt32
  package var ecx: UInt32
  package var edx: UInt32

  package init(
    function: UInt32, index: UInt32 = 0, flags: UInt32 = 0, eax: UInt32 = 0, ebx: UInt32 = 0, ecx: UInt32 = 0,
    edx: UInt32 = 0
  ) {
    self.function = function
    self.index = index
    self.flags = flags
    self.eax = eax
    self.ebx = ebx
    self.ecx = ecx
    self.edx = edx
  }
}

/// What a guest is told about its processor: all that KVM supports, less what a unikernel has no use for.
///
/// Hidden are nested virtualisation (VMX, SVM), performance monitoring, SGX and memory encryption, every KVM
/// paravirtual feature, and which of the host's processors it runs on. With `KVM_CAP_ENFORCE_PV_FEATURE_CPUID` what
/// isn't shown isn't there either.
package enum CPUID {
  private struct Mask {
    let function: UInt32
    let index: UInt32
    var ebx: UInt32 = 0
    var ecx: UInt32 = 0
    var edx: UInt32 = 0
  }

  /// Feature bits that are cleared (Intel SDM volume 2A, CPUID; AMD APM volume 3, appendix E).
  private static var masks: [Mask] {
    [
      // The initial APIC id; VMX, PDCM, DTES64; DS
      Mask(function: 1, index: 0, ebx: 0xff << 24, ecx: 1 << 5 | 1 << 15 | 1 << 2, edx: 1 << 21),
      Mask(function: 7, index: 0, ebx: 1 << 2 | 1 << 25, ecx: 1 << 30, edx: 1 << 19),  // SGX, PT; SGX_LC; ARCH_LBR
      // SVM, IBS, PerfCtrExtCore, PerfCtrExtNB, PerfTsc, PerfCtrExtLLC
      Mask(
        function: 0x8000_0001, index: 0,
        ecx: 1 << 2 | 1 << 10 | 1 << 23 | 1 << 24 | 1 << 27 | 1 << 28),
    ]
  }

  /// Leaves that are cleared whole: perfmon, topology and x2APIC id, SGX, processor trace, LBR, topology anew, perfmon
  /// extended, SVM, IBS, topology of AMD's, encryption, PerfMonV2, topology of AMD's anew.
  private static var hidden: [UInt32] {
    [
      0xa, 0xb, 0x12, 0x14, 0x1c, 0x1f, 0x23, 0x8000_000a, 0x8000_001b, 0x8000_001e, 0x8000_001f, 0x8000_0022,
      0x8000_0026,
    ]
  }

  /// KVM's own leaves: the signature stays, the feature leaf says that there are none.
  private static var hypervisor: ClosedRange<UInt32> { 0x4000_0000...0x4fff_ffff }

  /// Takes away what a guest isn't to be told; the leaves' order and number stay.
  package static func narrow(_ leaves: inout [CPUIDLeaf]) {
    for position in leaves.indices { narrow(&leaves[position]) }
  }

  private static func narrow(_ leaf: inout CPUIDLeaf) {
    if hidden.contains(leaf.function) || (hypervisor.contains(leaf.function) && leaf.function != 0x4000_0000) {
      leaf = CPUIDLeaf(function: leaf.function, index: leaf.index, flags: leaf.flags)
      return
    }
    for mask in masks where mask.function == leaf.function && mask.index == leaf.index {
      leaf.ebx &= ~mask.ebx
      leaf.ecx &= ~mask.ecx
      leaf.edx &= ~mask.edx
    }
  }
}

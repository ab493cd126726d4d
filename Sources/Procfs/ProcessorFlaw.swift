package import Text

/// A flaw of processors by which a guest learns what the host or another guest holds, and what the kernel says of it
/// (`Documentation/admin-guide/hw-vuln`).
///
/// What a process alone can do about it is the seal's step `speculation`; meltdown and spectre_v1 are the kernel's own
/// memory's, and no guest's.
package struct ProcessorFlaw: Sendable {
  /// The kernel's name for it, which its file has.
  package let name: String
  /// What a guest could do.
  package let cost: String
  package let fix: String

  /// What the kernel says of a flaw.
  package enum Exposure: Equatable, Sendable {
    /// The processor hasn't got it, or the kernel mitigates it.
    case closed
    case open
    /// The kernel doesn't know, as under a hypervisor that hides the processor.
    case unknown

    /// Reads a file's line.
    ///
    /// The kernel joins what it says of several parts, and of one that is left open in these words: `Mitigation: Clear CPU
    /// buffers; SMT vulnerable`. Of one that is open to programs and mitigated for guests it says `BHI: Vulnerable, KVM: SW
    /// loop` (`Documentation/admin-guide/hw-vuln/spectre.rst`).
    package init(_ line: Text) {
      let parts = line.fields(UInt8(ascii: ";"))
      if parts.contains(where: { $0.mentions("vulnerable") && !$0.mentions("vulnerable, kvm: sw loop") }) {
        self = .open
      } else if line.mentions("unknown") {
        self = .unknown
      } else {
        self = line.mentions("mitigation") || line.mentions("not affected") ? .closed : .unknown
      }
    }
  }

  /// The file in which the kernel says what it does about it.
  package var path: Text { "/sys/devices/system/cpu/vulnerabilities/\(bytes: Array(name.utf8))" }

  /// Those that concern guests.
  package static let all: [ProcessorFlaw] = {
    #if arch(x86_64)
      [
        ProcessorFlaw(
          name: "vmscape", cost: "a guest may steer what the tender speculates, and so learn what its memory holds",
          fix: "Linux 6.17 or a stable kernel with the same change, booted without vmscape=off and mitigations=off"),
        ProcessorFlaw(
          name: "l1tf", cost: "a guest may read any memory of the host's that the first-level cache holds",
          fix: "boot without l1tf=off and kvm-intel.vmentry_l1d_flush=never, with nosmt where threads share a core"),
        ProcessorFlaw(
          name: "itlb_multihit", cost: "a guest may halt the processor", fix: "boot without kvm.nx_huge_pages=never"),
      ]
        + [
          "mds", "tsx_async_abort", "mmio_stale_data", "srbds", "gather_data_sampling", "reg_file_data_sampling", "tsa",
        ].map { name in
          ProcessorFlaw(
            name: name, cost: "a guest may learn what the processor's buffers keep of the host or of another guest",
            fix: "the newest microcode, and a boot without mitigations=off, with nosmt where threads share a core")
        } + branches(["spectre_v2", "retbleed", "spec_rstack_overflow", "indirect_target_selection"])
    #else
      branches(["spectre_v2"])
    #endif
  }()

  private static func branches(_ names: [String]) -> [ProcessorFlaw] {
    names.map { name in
      ProcessorFlaw(
        name: name, cost: "a guest may steer what the host's kernel speculates, and so learn what its memory holds",
        fix: "the newest microcode or firmware, and a boot without mitigations=off")
    }
  }
}

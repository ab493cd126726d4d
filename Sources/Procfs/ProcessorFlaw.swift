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
  /// What helps but for newer microcode; empty for nothing.
  private let advice: String
  private var needsMicrocode = false
  /// What turns its mitigation off, as a word of the kernel's command line.
  private let switches: [Text]

  /// What to do about it on a machine: it tells to boot without what that machine was booted with, and nothing else.
  package func fix(_ machine: Mitigations) -> String {
    let parts = (needsMicrocode ? [machine.microcode] : []) + (advice.isEmpty ? [] : [advice])
    return machine.remedy(parts.joined(separator: ", and "), without: switches + ["mitigations=off"])
  }

  /// What the kernel says of a flaw.
  package enum Exposure: Equatable, Sendable {
    /// The processor hasn't got it, or the kernel mitigates it.
    case closed
    case open
    /// The kernel doesn't know, as under a hypervisor that hides the processor.
    case unknown

    /// Reads a file's line.
    ///
    /// The kernel joins what it says of several parts, and of one that is left open in these words: `Mitigation: Clear
    /// CPU buffers; SMT vulnerable`. Of one that is open to programs and mitigated for guests it says `BHI: Vulnerable,
    /// KVM: SW loop` (`Documentation/admin-guide/hw-vuln/spectre.rst`).
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
          advice: "use Linux 6.17 or a stable kernel with the same change", switches: ["vmscape=off"]),
        ProcessorFlaw(
          name: "l1tf", cost: "a guest may read any memory of the host's that the first-level cache holds",
          advice: "boot with nosmt where threads share a core",
          switches: ["l1tf=off", "kvm-intel.vmentry_l1d_flush=never"]),
        ProcessorFlaw(
          name: "itlb_multihit", cost: "a guest may halt the processor", advice: "keep kvm.nx_huge_pages from never",
          switches: ["kvm.nx_huge_pages=never", "kvm.nx_huge_pages=off", "kvm.nx_huge_pages=0"]),
      ]
        + [
          "mds", "tsx_async_abort", "mmio_stale_data", "srbds", "gather_data_sampling", "reg_file_data_sampling", "tsa",
        ].map { name in
          ProcessorFlaw(
            name: name, cost: "a guest may learn what the processor's buffers keep of the host or of another guest",
            advice: "boot with nosmt where threads share a core", needsMicrocode: true,
            switches: bufferSwitches[name] ?? [])
        } + branches(["spectre_v2", "retbleed", "spec_rstack_overflow", "indirect_target_selection"])
    #else
      branches(["spectre_v2"])
    #endif
  }()

  private static let bufferSwitches: [String: [Text]] = [
    "mds": ["mds=off"], "tsx_async_abort": ["tsx_async_abort=off"], "mmio_stale_data": ["mmio_stale_data=off"],
    "srbds": ["srbds=off"], "gather_data_sampling": ["gather_data_sampling=off"],
    "reg_file_data_sampling": ["reg_file_data_sampling=off"], "tsa": ["tsa=off"],
  ]
  private static let branchSwitches: [String: [Text]] = [
    "spectre_v2": ["spectre_v2=off", "nospectre_v2"], "retbleed": ["retbleed=off"],
    "spec_rstack_overflow": ["spec_rstack_overflow=off"],
    "indirect_target_selection": ["indirect_target_selection=off"],
  ]

  private static func branches(_ names: [String]) -> [ProcessorFlaw] {
    names.map { name in
      ProcessorFlaw(
        name: name, cost: "a guest may steer what the host's kernel speculates, and so learn what its memory holds",
        advice: "", needsMicrocode: true,
        switches: branchSwitches[name] ?? [])
    }
  }
}

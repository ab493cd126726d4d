package import Text

/// What this machine has against speculation: the processor's features, and what the kernel's command line turned off.
package struct Mitigations: Sendable {
  private let processor: KeyedLines
  private let words: [Text]

  /// - Parameter read: gives a file's text, nil where it can't be read.
  package init(_ read: (Text) -> Text?) {
    processor = KeyedLines(read("/proc/cpuinfo") ?? "")
    words = read("/proc/cmdline")?.trimmed.words ?? []
  }

  /// Which of some words the kernel was booted with.
  package func booted(with candidates: [Text]) -> [String] {
    candidates.filter { words.contains($0) }.map { String($0) }
  }

  /// Advice, and behind it to boot without those of some words that the kernel was booted with.
  package func remedy(_ advice: String, without candidates: [Text]) -> String {
    let found = booted(with: candidates)
    guard !found.isEmpty else { return advice }
    return "boot without \(found.joined(separator: " and "))\(advice.isEmpty ? "" : ", and \(advice)")"
  }

  /// Whether a hypervisor gives this machine its processor.
  private var isVirtual: Bool { processor["flags"]?.words.contains("hypervisor") ?? false }

  /// Who takes newer microcode: no virtual machine can.
  var microcode: String {
    isVirtual ? "let this virtual machine's host take the newest microcode" : "take the newest microcode or firmware"
  }

  /// What turns off the restrictions of speculation that a process asks for
  /// (`Documentation/admin-guide/kernel-parameters.txt`).
  private static let switches: [Text] = [
    "mitigations=off", "spec_store_bypass_disable=off", "nospec_store_bypass_disable", "spectre_v2_user=off",
    "spectre_v2=off", "nospectre_v2", "ssbd=force-off",
  ]

  /// What lets a process restrict its speculation, by what this machine lacks.
  package var speculationRemedy: String {
    guard booted(with: Self.switches).isEmpty else { return remedy("", without: Self.switches) }
    let flags = processor["flags"]?.words ?? []
    guard !flags.isEmpty else {
      return "a processor with SSBS, or firmware that mitigates Spectre variant 4 (SMCCC_ARCH_WORKAROUND_2)"
    }
    var missing: [String] = []
    if !flags.contains("ssbd") { missing.append("ssbd") }
    if !flags.contains("stibp"), !flags.contains("ibpb") { missing.append("stibp or ibpb") }
    guard !missing.isEmpty else {
      return "boot with spec_store_bypass_disable=prctl spectre_v2_user=prctl, a kernel with CONFIG_CPU_MITIGATIONS"
    }
    let features = missing.joined(separator: ", nor ")
    return isVirtual
      ? "this virtual processor has no \(features): let the hypervisor expose what its host's has (QEMU: -cpu host)"
      : "this processor has no \(features): the newest microcode may bring it"
  }
}

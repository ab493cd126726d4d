/// Whether `brig-hvt` runs on this host.
package enum HostVerdict: String, Sendable {
  /// It starts, with every step of the seal that isn't best effort.
  case full
  /// It starts with `--confine=fallback` only, without a forgivable step of the seal.
  case fallback
  /// It doesn't start.
  case refused

  /// Draws the conclusion: the worst effect of what is missing decides.
  package init(_ findings: [HostFinding]) {
    let effects = findings.map(\.effect)
    self = effects.contains(.refused) ? .refused : effects.contains(.fallback) ? .fallback : .full
  }
}

import ABI

extension Hypercall {
  /// The name that the policy's `@for` has for it, as `enum hvt_hypercall` spells it behind `HVT_HYPERCALL_`.
  var policyName: String {
    switch self {
    case .walltime: "WALLTIME"
    case .puts: "PUTS"
    case .poll: "POLL"
    case .blockWrite: "BLOCK_WRITE"
    case .blockRead: "BLOCK_READ"
    case .netWrite: "NET_WRITE"
    case .netRead: "NET_READ"
    case .halt: "HALT"
    }
  }

  /// The name in `@for` of the run loop itself.
  static let runLoop = "RUN"
}

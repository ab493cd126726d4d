/// A hypercall module of the tender; a policy file has the same name.
package enum Module: UInt8, CaseIterable, Sendable {
  case run, console, clock, poll, halt, block, net

  /// Whether the module is there for a device, once for each; every guest has the others.
  package var servesDevice: Bool {
    switch self {
    case .run, .console, .clock, .poll, .halt: false
    case .block, .net: true
    }
  }

  /// The module's policy file, as compiled into the program from `policies/`.
  package var source: Source {
    switch self {
    case .run: Source(name: "run.policy", bytes: PackageResources.run_policy)
    case .console: Source(name: "console.policy", bytes: PackageResources.console_policy)
    case .clock: Source(name: "clock.policy", bytes: PackageResources.clock_policy)
    case .poll: Source(name: "poll.policy", bytes: PackageResources.poll_policy)
    case .halt: Source(name: "halt.policy", bytes: PackageResources.halt_policy)
    case .block: Source(name: "block.policy", bytes: PackageResources.block_policy)
    case .net: Source(name: "net.policy", bytes: PackageResources.net_policy)
    }
  }
}

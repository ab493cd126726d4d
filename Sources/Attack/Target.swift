import Policy
import Text

/// What is attacked: a tender with certain devices.
package enum Target: String, CaseIterable, Sendable {
  case console
  case block
  case readOnlyBlock = "block:ro"
  case net
  case blockNet = "block+net"

  var hasDisk: Bool { self != .console && self != .net }
  var hasTap: Bool { self == .net || self == .blockNet }

  /// The test guest with a manifest for these devices.
  var guest: String {
    switch self {
    case .console: "quiet.hvt"
    case .block, .readOnlyBlock: "quiet-block.hvt"
    case .net: "quiet-net.hvt"
    case .blockNet: "quiet-all.hvt"
    }
  }

  /// The tender's options.
  ///
  /// - Parameters:
  ///   - disk: the disk's path or `@N`.
  ///   - tap: the interface's name or `@N`.
  ///   - mode: what happens to a forbidden call.
  /// - Returns: the words before KERNEL.
  func options(disk: String, tap: String, mode: Policy.Mode) -> [String] {
    var options = ["--mem=\(Values.mebibytes)"]
    if hasDisk { options.append("--block:storage=\(disk)") }
    if self == .readOnlyBlock { options.append("--block-mode:storage=ro") }
    if hasTap { options.append("--net:service=\(tap)") }
    if mode == .report { options.append("--seccomp=report") }
    return options
  }

  /// The values of a launch: the real ones where all launches have the same, and stand-ins for the others.
  ///
  /// Sizes are the real ones but for the run area's. That, descriptors and addresses are numbers that occur nowhere
  /// else in a policy. So a condition's value tells which parameter it came from.
  enum Values {
    /// The size of guest memory in MiB, less than the window's.
    ///
    /// So there are pointers that the filter admits and the kernel refuses.
    static let mebibytes: UInt64 = 6
    static let window: UInt64 = 8 << 20
    static let diskSize: UInt64 = 1 << 20

    static func launch(_ target: Target, _ architecture: Architecture, _ mode: Policy.Mode = .kill) -> Launch {
      var devices: [Launch.Device] = []
      if target.hasDisk {
        devices.append(
          Launch.Device(
            name: "storage", descriptor: 0x7702, kind: .block(capacity: diskSize, writable: target != .readOnlyBlock)))
      }
      if target.hasTap { devices.append(Launch.Device(name: "service", descriptor: 0x7703, kind: .net)) }
      return Launch(
        architecture: architecture, mode: mode, vcpu: 0x7701, runArea: 0x7f00_4444_0000,
        runAreaSize: 0x5000, fixedBlock: 0x7f00_1111_0000, memory: 0x7e00_4000_0000, window: window, devices: devices)
    }
  }
}

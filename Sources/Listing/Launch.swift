import Host
import Machine
package import Policy

/// The values that make a policy of the modules: what one tender has open and mapped.
package struct Launch: Equatable, Sendable {
  /// A device that is attached.
  package struct Device: Equatable, Sendable {
    /// What the policy has to know of a device.
    package enum Kind: Equatable, Sendable {
      case block(capacity: UInt64, writable: Bool)
      case net
    }

    package let name: String
    package let descriptor: UInt64
    package let kind: Kind

    package init(name: String, descriptor: UInt64, kind: Kind) {
      self.name = name
      self.descriptor = descriptor
      self.kind = kind
    }

    /// What a person calls the kind of device.
    package var description: String {
      switch kind {
      case .block(_, let writable): writable ? "block" : "block, read only"
      case .net: "net"
      }
    }
  }

  /// The longest transfer in bytes that one system call makes for a guest; as much behind the window is inaccessible.
  package static let longestTransfer = UInt64(GuestMemory.longestTransfer)
  /// The longest frame in bytes that the tender moves.
  private static let longestFrame: UInt64 = 1 << 16

  package var architecture: Architecture
  package var mode: Policy.Mode
  /// The descriptor of the only vCPU.
  package var vcpu: UInt64
  /// The address of the fixed block.
  package var fixedBlock: UInt64
  /// The address of guest memory.
  package var memory: UInt64
  /// The size of the window around it in bytes, a power of two.
  package var window: UInt64
  package var devices: [Device]
  /// What the filter answers so that it is known to be in force; nil where there is no outer filter.
  package var witness: Witness?

  package init(
    architecture: Architecture = .native, mode: Policy.Mode = .kill, vcpu: UInt64, fixedBlock: UInt64, memory: UInt64,
    window: UInt64, devices: [Device], witness: Witness? = nil
  ) {
    self.architecture = architecture
    self.mode = mode
    self.vcpu = vcpu
    self.fixedBlock = fixedBlock
    self.memory = memory
    self.window = window
    self.devices = devices
    self.witness = witness
  }

  /// The modules that the tender enables: those of every guest, and one more for each device.
  package var modules: [Enabled] {
    var modules = [Enabled(.run), Enabled(.console), Enabled(.clock), Enabled(.poll), Enabled(.halt)]
    for device in devices {
      switch device.kind {
      case .block(let capacity, let writable):
        modules.append(
          Enabled(
            .block,
            [
              Binding("disk", device.descriptor), Binding("last_offset", capacity &- 1),
              Binding("writable", writable ? 1 : 0),
            ]))
      case .net: modules.append(Enabled(.net, [Binding("tap", device.descriptor)]))
      }
    }
    return modules
  }

  /// The bindings that every module sees.
  package var bindings: [Binding] {
    let offsets = FixedBlockOffsets.shared
    func address(_ offset: KeyPath<FixedBlockOffsets, UInt64>) -> UInt64 {
      fixedBlock &+ (offsets?[keyPath: offset] ?? 0)
    }
    return [
      Binding("vcpu", vcpu), Binding("memory", memory), Binding("memory_size", window),
      Binding("chunk", Launch.longestTransfer), Binding("frame", Launch.longestFrame),
      Binding("polled", address(\.polled)),
      Binding("polled_count", UInt64(FixedBlock.polledCount(devices: devices.count { $0.kind == .net }))),
      Binding("timeout", address(\.timeout)), Binding("time", address(\.time)),
      Binding("register", address(\.register)), Binding("message", address(\.message)),
      Binding("message_capacity", UInt64(FixedBlock.messageCapacity)),
    ]
  }

  /// The policy of this launch.
  ///
  /// - Throws: `Complaint` with the place in the policy file, as when a value is more than the file grants.
  package func policy() throws(Complaint) -> Policy {
    guard FixedBlockOffsets.shared != nil else { throw Complaint("cannot map a page") }
    do throws(PolicyError) {
      var policy = try Policy(enabled: modules, common: bindings, architecture: architecture, mode: mode)
      policy.witness = witness
      return policy
    } catch {
      throw Complaint("policies/\(String(error.message))")
    }
  }
}

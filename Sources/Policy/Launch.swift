import Host
package import Text

/// What one tender has open and mapped: the one place that gives the policy's parameters their values.
package struct Launch: Equatable, Sendable {
  /// A device that is attached.
  package struct Device: Equatable, Sendable {
    /// What the policy must know of a device.
    package enum Kind: Equatable, Sendable {
      /// A disk of so many bytes.
      case block(capacity: UInt64, writable: Bool)
      case net
    }

    /// The manifest's name, for readers of the policy.
    package let name: Text
    package let descriptor: UInt64
    package let kind: Kind

    package init(name: Text, descriptor: UInt64, kind: Kind) {
      self.name = name
      self.descriptor = descriptor
      self.kind = kind
    }

    /// The device's module, with the bindings of this device alone.
    fileprivate var module: Enabled {
      switch kind {
      case .block(let capacity, let writable):
        Enabled(
          .block,
          [
            Binding("disk", descriptor), Binding("last_offset", capacity &- 1), Binding("writable", writable ? 1 : 0),
          ])
      case .net: Enabled(.net, [Binding("tap", descriptor)])
      }
    }
  }

  package var architecture: Architecture
  package var mode: Policy.Mode
  /// The descriptor of the only vCPU.
  package var vcpu: UInt64
  /// The address of the vCPU's run area.
  package var runArea: UInt64
  /// The run area's size in bytes.
  package var runAreaSize: UInt64
  /// The address of the fixed block.
  package var fixedBlock: UInt64
  /// The address of guest memory.
  package var memory: UInt64
  /// The size of the window around it in bytes, a power of two.
  package var window: UInt64
  /// The attached devices, in the order of their handles.
  package var devices: [Device]
  /// The answers that show that the filter is in force; nil without an outer filter.
  package var witness: Witness?

  package init(
    architecture: Architecture = .native, mode: Policy.Mode = .kill, vcpu: UInt64, runArea: UInt64,
    runAreaSize: UInt64, fixedBlock: UInt64, memory: UInt64, window: UInt64, devices: [Device], witness: Witness? = nil
  ) {
    self.architecture = architecture
    self.mode = mode
    self.vcpu = vcpu
    self.runArea = runArea
    self.runAreaSize = runAreaSize
    self.fixedBlock = fixedBlock
    self.memory = memory
    self.window = window
    self.devices = devices
    self.witness = witness
  }

  /// The modules of every guest, and one more for each device.
  package var modules: [Enabled] {
    var modules: [Enabled] = []
    for module in Module.allCases where !module.servesDevice { modules.append(Enabled(module)) }
    for device in devices { modules.append(device.module) }
    return modules
  }

  /// The bindings that every module sees.
  package var bindings: [Binding] {
    let block = FixedBlock.Places(start: fixedBlock)
    var polled = 0
    for device in devices { if case .net = device.kind { polled += 1 } }
    var bindings = [
      Binding("vcpu", vcpu), Binding("run_area", runArea), Binding("run_area_size", runAreaSize),
      Binding("memory", memory), Binding("memory_size", window),
      Binding("chunk", UInt64(Bounds.transfer)), Binding("frame", UInt64(Bounds.frame)),
      Binding("polled_count", UInt64(FixedBlock.polledCount(devices: polled))),
      Binding("message_capacity", UInt64(Bounds.message)),
    ]
    for part in FixedBlock.Part.allCases { bindings.append(Binding(part.name, block[part])) }
    return bindings
  }

  /// Every value that some parameter has: those that every module sees, then each device's.
  package var values: [Binding] {
    var values = bindings
    for module in modules { values += module.bindings }
    return values
  }
}

extension Policy {
  /// Makes the policy of a launch.
  ///
  /// - Throws: `PolicyError` with the place in the policy file, as when a value is more than the file grants.
  package init(of launch: Launch) throws(PolicyError) {
    try self.init(
      enabled: launch.modules, common: launch.bindings, architecture: launch.architecture, mode: launch.mode)
    witness = launch.witness
  }
}

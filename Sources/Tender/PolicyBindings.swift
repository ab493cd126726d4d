import ABI
package import Host
package import Machine
package import Policy

/// The values that the policy's parameters have for one launch.
package enum PolicyBindings {
  /// The bindings that every module sees.
  package static func common(
    _ block: FixedBlock, _ memory: GuestMemory, vcpu: Int32, polled: Int
  ) -> [Binding] {
    [
      Binding("vcpu", UInt64(vcpu)),
      Binding("memory", UInt64(memory.base)),
      Binding("memory_size", memory.window),
      Binding("chunk", UInt64(GuestMemory.longestTransfer)),
      Binding("frame", Tap.longestFrame),
      Binding("polled", UInt64(block.polled)),
      Binding("polled_count", UInt64(FixedBlock.polledCount(devices: polled))),
      Binding("timeout", UInt64(block.timeout)),
      Binding("time", UInt64(block.time)),
      Binding("register", UInt64(block.register)),
      Binding("message", UInt64(block.message)),
      Binding("message_capacity", UInt64(FixedBlock.messageCapacity)),
    ]
  }

  /// The modules of every guest.
  package static var modules: [Enabled] {
    [Enabled(.run), Enabled(.console), Enabled(.clock), Enabled(.poll), Enabled(.halt)]
  }

  /// The modules that a guest gets: those of every guest, and one more for each attached device.
  package static func modules(_ attachments: Attachments) -> [Enabled] {
    var modules = modules
    for device in attachments.descriptions {
      switch device.properties {
      case .block(let properties):
        modules.append(
          Enabled(
            .block,
            [
              Binding("disk", UInt64(device.descriptor)),
              Binding("last_offset", properties.capacity - 1),
              Binding("writable", device.mode == .readOnly ? 0 : 1),
            ]))
      case .net: modules.append(Enabled(.net, [Binding("tap", UInt64(device.descriptor))]))
      case .other: continue
      }
    }
    return modules
  }
}

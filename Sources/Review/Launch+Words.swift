import Filters
import Host
package import Policy
import Text

extension Launch {
  /// What a condition asks of an argument, in words.
  func words(_ condition: Condition, of argument: StaticString) -> String {
    let value = condition.value
    switch condition.shape {
    case .equal: return meaning(value, of: "\(argument)") ?? ArgumentSet.number(value)
    case .masked: return "bits \(String(hex: condition.mask)) are \(String(hex: value))"
    case .window:
      let size = ~condition.mask &+ 1
      let place = value == memory ? "guest memory" : "the window"
      return "in \(place), \(Self.size(size)) from \(String(hex: value))"
    case .atMost: return "at most \(Self.size(value))"
    }
  }

  private func meaning(_ value: UInt64, of argument: String) -> String? {
    switch argument {
    case "fd":
      switch value {
      case 1: return "1, standard output"
      case 2: return "2, standard error"
      case vcpu: return "\(value), the vCPU"
      default: return devices.first { $0.descriptor == value }.map { "\(value), \($0.description) \(String($0.name))" }
      }
    case "op": return [0xae80: "KVM_RUN", 0x4010_aeab: "KVM_GET_ONE_REG"][value]
    case "clockid" where value == 0: return "CLOCK_REALTIME"
    case "clockid" where value == 1: return "CLOCK_MONOTONIC"
    case "addr" where value == runArea: return "\(String(hex: value)), the vCPU's run area"
    default:
      guard value >= fixedBlock, value < fixedBlock &+ UInt64(Bounds.fixedBlock) else { return nil }
      return "\(String(hex: value)), in the fixed block"
    }
  }

  /// A number of bytes, in the unit that is shortest to read.
  static func size(_ value: UInt64) -> String {
    for (unit, shift) in [("GiB", 30), ("MiB", 20), ("KiB", 10)] as [(String, UInt64)] {
      if value >= 1 << shift, value & ((1 << shift) - 1) == 0 { return "\(value >> shift) \(unit)" }
      if value >= 1 << shift, value != .max, (value + 1) & ((1 << shift) - 1) == 0 {
        return "\((value + 1) >> shift) \(unit) - 1"
      }
    }
    return "\(value)"
  }
}

extension Launch.Device {
  /// The kind of device, in a person's words.
  package var description: String {
    switch kind {
    case .block(_, let writable): writable ? "block" : "block, read only"
    case .net: "net"
    }
  }
}

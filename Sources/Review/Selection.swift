package import ABI
import CLinux
import Host
package import Image
package import Policy
import Text

/// A device that a person asks about.
package struct SelectedDevice: Equatable, Sendable {
  package let name: String
  package let use: Use

  /// What the guest does with it.
  package enum Use: Equatable, Sendable {
    case block, readOnlyBlock, net
  }

  package init(name: String, use: Use) {
    self.name = name
    self.use = use
  }
}

/// The devices and the architecture that a person asks about, before anything is open.
///
/// With canonical values it becomes a `Launch`, so one selection always gives the same filter. `docs/policy.md` lists
/// the values.
package struct Selection: Equatable, Sendable {
  package var architecture: Architecture
  package var mode: Policy.Mode
  package var devices: [SelectedDevice]

  package init(architecture: Architecture = .native, mode: Policy.Mode = .kill, devices: [SelectedDevice] = []) {
    self.architecture = architecture
    self.mode = mode
    self.devices = devices
  }

  /// The canonical values: those of a tender with the default of 512 MiB, at addresses that are easy to tell apart.
  package enum Canonical {
    /// The vCPU's descriptor; devices have the next ones, in their order.
    package static let vcpu: UInt64 = 3
    package static let runArea: UInt64 = 0x7f10_0000_0000
    package static let runAreaSize: UInt64 = 12 << 10
    package static let fixedBlock: UInt64 = 0x7f00_0000_0000
    package static let memory: UInt64 = 0x4000_0000_0000
    package static let window = Bounds.usualMemory
    /// The size of each disk in bytes.
    package static let capacity: UInt64 = 1 << 30
  }

  /// The launch with canonical values.
  package var launch: Launch {
    Launch(
      architecture: architecture, mode: mode, vcpu: Canonical.vcpu, runArea: Canonical.runArea,
      runAreaSize: Canonical.runAreaSize, fixedBlock: Canonical.fixedBlock, memory: Canonical.memory,
      window: Canonical.window,
      devices: devices.enumerated().map { index, device in
        Launch.Device(
          name: Text(device.name), descriptor: Canonical.vcpu + 1 + UInt64(index),
          kind: device.use == .net
            ? .net : .block(capacity: Canonical.capacity, writable: device.use == .block))
      })
  }

  /// Adds the devices that a manifest declares; its disks count as writable.
  package mutating func add(_ manifest: Manifest) {
    for entry in manifest.entries {
      switch entry.device {
      case .block: devices.append(SelectedDevice(name: String(entry.name), use: .block))
      case .net: devices.append(SelectedDevice(name: String(entry.name), use: .net))
      case .other: continue
      }
    }
  }

  /// Reads a selection's short form.
  ///
  /// It has words joined by `+`: `console`, `block`, `block:ro`, `net`, or a device with a count before it, as in
  /// `8block`. An architecture may follow after `@`, and `report` after a comma.
  ///
  /// - Returns: Nil for a text that isn't a selection.
  package init?(short text: String) {
    var text = Substring(text)
    self.init()
    if let comma = text.lastIndex(of: ",") {
      let mode = text[text.index(after: comma)...].drop { $0 == " " }
      guard mode == "report" else { return nil }
      self.mode = .report
      text = text[..<comma]
    }
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count) else { return nil }
    if parts.count == 2 {
      guard let architecture = Architecture(named: Text(String(parts[1]))) else { return nil }
      self.architecture = architecture
    }
    for word in parts[0].split(separator: "+", omittingEmptySubsequences: false) {
      let digits = word.prefix { $0.isASCII && $0.isNumber }
      guard let count = digits.isEmpty ? 1 : Int(digits), (0...Bounds.devices).contains(count) else { return nil }
      switch word.dropFirst(digits.count) {
      case "console" where digits.isEmpty: continue
      case "block": add(count, "disk", .block)
      case "block:ro": add(count, "disk", .readOnlyBlock)
      case "net": add(count, "net", .net)
      default: return nil
      }
    }
    guard devices.count <= Bounds.devices else { return nil }
  }

  private mutating func add(_ count: Int, _ name: String, _ use: SelectedDevice.Use) {
    let first = devices.count { $0.name.hasPrefix(name) }
    for index in 0..<count { devices.append(SelectedDevice(name: "\(name)\(first + index)", use: use)) }
  }

  /// The selection in its short form.
  package var short: String {
    var words: [(word: String, count: Int)] = []
    for device in devices {
      let word =
        switch device.use {
        case .block: "block"
        case .readOnlyBlock: "block:ro"
        case .net: "net"
        }
      if let last = words.last, last.word == word {
        words[words.count - 1].count += 1
      } else {
        words.append((word, 1))
      }
    }
    let text = words.map { $0.count == 1 ? $0.word : "\($0.count)\($0.word)" }.joined(separator: "+")
    return "\(text.isEmpty ? "console" : text)@\(architecture.name)\(mode == .report ? ", report" : "")"
  }
}

extension Architecture {
  /// The architecture that an executable's machine is.
  package init(_ machine: ELFMachine) {
    switch machine {
    case .x86_64: self = .x86_64
    case .aarch64: self = .aarch64
    }
  }
}

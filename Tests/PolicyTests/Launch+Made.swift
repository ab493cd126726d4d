import Policy
import Text

extension Launch {
  /// A launch with made-up values, which the tests write down again as literals where they judge by them.
  static func made(
    _ devices: [Device], architecture: Architecture = .x86_64, mode: Policy.Mode = .kill
  ) -> Launch {
    Launch(
      architecture: architecture, mode: mode, vcpu: 9, runArea: 0x7f13_0000_0000, runAreaSize: 0x3000,
      fixedBlock: 0x7f11_0000_0000, memory: 0x7f12_0000_0000,
      window: 0x2000_0000, devices: devices)
  }

  /// The policy of a guest with some disks and TAPs, whose descriptors count up from 10 in turns.
  static func policy(
    disks: Int = 0, taps: Int = 0, writable: Bool = true, architecture: Architecture = .x86_64,
    mode: Policy.Mode = .kill
  ) throws(PolicyError) -> Policy {
    var devices: [Device] = []
    for index in 0..<disks {
      devices.append(.disk(UInt64(10 + index), last: 0x1_0000_0000 * UInt64(index) + 0x3fffe00, writable: writable))
    }
    for index in 0..<taps { devices.append(.tap(UInt64(10 + disks + index))) }
    return try Policy(of: .made(devices, architecture: architecture, mode: mode))
  }
}

extension Launch.Device {
  static func disk(_ descriptor: UInt64, last: UInt64 = 0x1_2345_6000, writable: Bool = true) -> Self {
    Self(name: "disk", descriptor: descriptor, kind: .block(capacity: last + 1, writable: writable))
  }

  static func tap(_ descriptor: UInt64) -> Self { Self(name: "net", descriptor: descriptor, kind: .net) }
}

extension Source {
  /// A source of a test's own.
  static func text(_ text: String) -> Source { Source(name: "t.policy", bytes: Array(text.utf8)) }
}

extension Text {
  var string: String { String(decoding: bytes, as: UTF8.self) }
}

extension Request {
  init(_ architecture: UInt32, _ number: UInt32, _ arguments: [UInt64]) {
    self.init(architecture: architecture, number: number)
    for (index, argument) in arguments.enumerated() { self.arguments[index] = argument }
  }
}

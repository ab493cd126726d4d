import Policy
import Text

/// A launch with made-up values, which the tests write down again as literals where they judge by them.
enum Launch {
  static let common = [
    Binding("vcpu", 9), Binding("register", 0x7f11_0000_0040), Binding("message", 0x7f11_0000_0100),
    Binding("message_capacity", 0x400), Binding("memory", 0x7f12_0000_0000), Binding("memory_size", 0x2000_0000),
    Binding("chunk", 0x10_0000), Binding("time", 0x7f11_0000_0010), Binding("polled", 0x7f11_0000_0800),
    Binding("polled_count", 2), Binding("timeout", 0x7f11_0000_0020),
  ]

  static let always = [Enabled(.run), Enabled(.console), Enabled(.clock), Enabled(.poll), Enabled(.halt)]

  static func disk(_ descriptor: UInt64, last: UInt64 = 0x1_2345_6000, writable: Bool = true) -> Enabled {
    Enabled(
      .block, [Binding("disk", descriptor), Binding("last_offset", last), Binding("writable", writable ? 1 : 0)])
  }

  static func tap(_ descriptor: UInt64) -> Enabled {
    Enabled(.net, [Binding("tap", descriptor), Binding("frame", 1514)])
  }

  /// The policy of a guest with some disks and TAPs, whose descriptors count up from 10 in turns.
  static func policy(
    disks: Int = 0, taps: Int = 0, writable: Bool = true, architecture: Architecture = .x86_64,
    mode: Policy.Mode = .kill
  ) throws(PolicyError) -> Policy {
    var enabled = always
    for index in 0..<disks {
      enabled.append(disk(UInt64(10 + index), last: 0x1_0000_0000 * UInt64(index) + 0x3fffe00, writable: writable))
    }
    for index in 0..<taps { enabled.append(tap(UInt64(10 + disks + index))) }
    return try Policy(enabled: enabled, common: common, architecture: architecture, mode: mode)
  }
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

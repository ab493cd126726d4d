import Policy
import Text

/// Makes rules of random shapes over values that lie close together, so that rules and words meet often.
struct RandomRules {
  var generator: SplitMix

  static let values: [UInt64] = [
    0, 1, 2, 3, 5, 8, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff, 0x1_0000_0000, 0x1_0000_0001, 0x1_0000_0005,
    0x2_0000_0000, 0x5_ffff_ffff, 0x7fff_0000_1000, 0x7fff_ffff_ffff_ffff, .max,
  ]
  /// Masks with at most 32 free bits, not all of them whole prefixes.
  static let masks: [UInt64] = [
    0xffff_ffff_ffff_f000, 0xffff_ffff_ffff_fff8, 0xffff_ffff_0000_0000, 0xffff_ffff_ffff_fffe, 0xffff_ffff_0000_ffff,
    0xff00_ffff_ffff_ff0f, 0x0000_ffff_ffff_ffff, 0xffff_0000_ffff_0000,
  ]

  mutating func value() -> UInt64 { Self.values.randomElement(using: &generator) ?? 0 }

  /// One condition of any shape.
  mutating func condition() -> Condition {
    switch Int.random(in: 0..<6, using: &generator) {
    case 0...2: return Condition(shape: .equal, value: value())
    case 3:
      let mask = Self.masks.randomElement(using: &generator) ?? .max
      return Condition(shape: .masked, mask: mask, value: value() & mask)
    case 4:
      let size: UInt64 = 1 << UInt64.random(in: 3...32, using: &generator)
      let base = (value() | size) & ~(size - 1)
      return Condition(shape: .window, mask: ~(size - 1), value: base)
    default: return Condition(shape: .atMost, value: min(value(), UInt64(Int64.max)))
    }
  }

  /// A rule for one of a few calls, which often repeats arguments of an earlier rule for it.
  mutating func rule(after earlier: [Rule]) -> Rule {
    let call = [PolicyCall.write, .read, .ioctl, .pread64, .clockGettime, .exitGroup].randomElement(using: &generator)
    let chosen = call ?? .write
    let model = earlier.filter { $0.call == chosen }.randomElement(using: &generator)
    let conditions = chosen.row.arguments.indices.map { index in
      if let model, Int.random(in: 0..<3, using: &generator) != 0 { return model.conditions[index] }
      return condition()
    }
    return Rule(
      name: "r\(earlier.count)", hypercall: "TEST", why: "Random.", call: chosen, conditions: conditions,
      file: "random",
      position: Position(line: earlier.count + 1, column: 1))
  }

  /// A policy within the language.
  mutating func policy(architecture: Architecture, mode: Policy.Mode) throws -> Policy {
    var rules: [Rule] = []
    for _ in 0..<Int.random(in: 1...8, using: &generator) {
      let candidate = rules + [rule(after: rules)]
      if (try? Policy(checked: candidate, architecture: architecture, mode: mode)) != nil { rules = candidate }
    }
    return try Policy(checked: rules, architecture: architecture, mode: mode)
  }
}

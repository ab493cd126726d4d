/// An argument of an attempt: a number, or a place that only the probe knows, with an offset.
struct ArgumentWord: Equatable, Sendable {
  /// The name of a policy parameter, or `stack` or `code`; nil for a number.
  let name: String?
  /// The number, or what is added to the place, modulo 2^64.
  let offset: UInt64

  init(_ number: UInt64) {
    name = nil
    offset = number
  }

  init(_ name: String, _ offset: UInt64 = 0) {
    self.name = name
    self.offset = offset
  }

  /// The word with a number added, modulo 2^64.
  func adding(_ number: UInt64) -> ArgumentWord {
    name.map { ArgumentWord($0, offset &+ number) } ?? ArgumentWord(offset &+ number)
  }

  /// The word's value where the names have given ones.
  func value(_ names: [String: UInt64]) -> UInt64 { (name.map { names[$0] ?? 0 } ?? 0) &+ offset }

  /// The word as the probe reads it.
  var text: String {
    func number(_ value: UInt64) -> String { value < 1024 ? "\(value)" : "0x" + String(value, radix: 16) }
    guard let name else { return number(offset) }
    if offset == 0 { return name }
    return Int64(bitPattern: offset) < 0 ? "\(name)-\(number(0 &- offset))" : "\(name)+\(number(offset))"
  }
}

import Confinement
import Text

/// Reads an option's argument from front to back; each reader gives nil for what isn't there.
package struct ArgumentScanner {
  private let bytes: [UInt8]
  private var position = 0

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package var isAtEnd: Bool { position == bytes.count }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// Goes past a literal if it comes next.
  package mutating func skip(_ literal: StaticString) -> Bool {
    let wanted = Text(literal).bytes
    guard bytes[position...].starts(with: wanted) else { return false }
    position += wanted.count
    return true
  }

  /// The rest, whatever it is.
  package mutating func rest() -> [UInt8] {
    defer { position = bytes.count }
    return Array(bytes[position...])
  }

  /// Up to 67 letters and digits, the longest name that a manifest entry holds.
  mutating func resourceName() -> Text {
    let start = position
    while position - start < 67, let byte = next, Self.isAlphanumeric(byte) { position += 1 }
    return Text(bytes: Array(bytes[start..<position]))
  }

  /// A tender's label, as long as the kernel's name of a process may be; the rest, whole.
  mutating func label() -> Text? {
    let rest = rest()
    guard 1...ProcessName.most ~= rest.count, rest.allSatisfy({ Self.isAlphanumeric($0) || Self.isJoint($0) }) else {
      return nil
    }
    return Text(bytes: rest)
  }

  /// A whole number in decimal digits that fits 64 bits.
  mutating func decimal() -> UInt64? {
    let start = position
    var value: UInt64 = 0
    while let digit = next?.digit {
      let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tenfold.addingReportingOverflow(UInt64(digit))
      guard !overflow, !carry else { return nil }
      value = sum
      position += 1
    }
    return position > start ? value : nil
  }

  /// Which of the literals the rest is.
  mutating func choice(_ literals: [StaticString]) -> Int? {
    let rest = rest()
    return literals.firstIndex { Text($0).bytes == rest }
  }

  /// `@N`, or a name that isn't empty.
  mutating func place() -> Place? {
    guard next != nil else { return nil }
    guard skip("@") else { return .name(Text(bytes: rest())) }
    guard let number = decimal(), isAtEnd, let descriptor = Int32(exactly: number) else { return nil }
    return .descriptor(descriptor)
  }

  /// `@N`, or a path that isn't empty; one that begins with `@` and goes on with anything but digits is a path too, as
  /// it is for the reference tender.
  mutating func diskPlace() -> Place? {
    let start = position
    if skip("@"), !isAtEnd {
      _ = decimal()
      let isNumber = isAtEnd
      position = start
      if !isNumber { return .name(Text(bytes: rest())) }
    }
    position = start
    return place()
  }

  /// `own`, `auto`, a path that isn't empty, or `@N`.
  mutating func netNamespace() -> NetNamespaceChoice? {
    let start = position
    if let index = choice(["own", "auto"]) { return [.own, .automatic][index] }
    position = start
    return place().map { .place($0) }
  }

  /// Six octets of one or two hexadecimal digits, divided by colons.
  mutating func hardwareAddress() -> InlineArray<6, UInt8>? {
    var octets = InlineArray<6, UInt8>(repeating: 0)
    for index in octets.indices {
      if index > 0 { guard skip(":") else { return nil } }
      guard let high = hexadecimalDigit() else { return nil }
      octets[index] = high
      if let low = hexadecimalDigit() { octets[index] = high << 4 | low }
    }
    return octets
  }

  /// `auto`, or a user id and perhaps a group id, neither of them 0.
  mutating func user() -> User? {
    if skip("auto") { return isAtEnd ? .automatic : nil }
    guard let user = identifier() else { return nil }
    guard skip(":") else { return .given(user: user, group: user) }
    return identifier().map { .given(user: user, group: $0) }
  }

  private mutating func identifier() -> UInt32? {
    // The greatest 32-bit number means "unchanged" to setresuid.
    guard let value = decimal(), value > 0, value < UInt64(UInt32.max) else { return nil }
    return UInt32(value)
  }

  private mutating func hexadecimalDigit() -> UInt8? {
    guard let byte = next, let value = byte.hexadecimalDigit else { return nil }
    position += 1
    return value
  }

  private static func isJoint(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: false
    }
  }
}

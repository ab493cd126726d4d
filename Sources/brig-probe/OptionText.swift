import CLinux
import Policy
import Tender
import Text

/// The probe's own option, read from front to back.
struct OptionText {
  private let bytes: [UInt8]
  private var next = 0

  /// Copies a terminated string.
  init(_ string: UnsafeMutablePointer<CChar>) {
    // SAFETY: the kernel terminates argument strings.
    unsafe bytes = Array(UnsafeRawBufferPointer(start: string, count: strlen(string)))
  }

  var isAtEnd: Bool { next == bytes.count }

  /// Takes a literal if it comes next.
  mutating func take(_ literal: StaticString) -> Bool {
    guard matches(literal, at: next) else { return false }
    next += literal.utf8CodeUnitCount
    return true
  }

  private func matches(_ literal: StaticString, at start: Int) -> Bool {
    guard start + literal.utf8CodeUnitCount <= bytes.count else { return false }
    // SAFETY: a literal has `utf8CodeUnitCount` bytes.
    for index in 0..<literal.utf8CodeUnitCount where unsafe bytes[start + index] != literal.utf8Start[index] {
      return false
    }
    return true
  }

  /// Takes a number: decimal, or hexadecimal after `0x`, of at most 64 bits; a minus before it negates it.
  mutating func number() -> UInt64? {
    let negative = take("-")
    let radix: UInt64 = take("0x") ? 16 : 10
    let start = next
    var value: UInt64 = 0
    while next < bytes.count, let digit = bytes[next].hexadecimalDigit.map(UInt64.init), digit < radix {
      let (product, overflow) = value.multipliedReportingOverflow(by: radix)
      let (sum, carry) = product.addingReportingOverflow(digit)
      guard !overflow, !carry else { return nil }
      value = sum
      next += 1
    }
    guard next > start else { return nil }
    return negative ? 0 &- value : value
  }

  /// Takes a word: a number, or the name of a binding, perhaps with a number added or taken away.
  ///
  /// Of several bindings of one name, as two disks have, the first is meant.
  mutating func word(_ bindings: [Binding]) -> UInt64? {
    if let value = number() { return value }
    let start = next
    while next < bytes.count, bytes[next] == UInt8(ascii: "_") || (97...122).contains(bytes[next]) { next += 1 }
    for binding in bindings where binding.name.utf8CodeUnitCount == next - start && matches(binding.name, at: start) {
      if take("+") { return number().map { binding.value &+ $0 } }
      guard !isAtEnd, bytes[next] == UInt8(ascii: "-") else { return binding.value }
      return number().map { binding.value &+ $0 }
    }
    return nil
  }
}

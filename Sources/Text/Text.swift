/// Bytes of a message or a record, built by appending.
///
/// It stands in for `String`, whose comparison and formatting need the Unicode tables and the runtime that Embedded
/// Swift leaves out; file names and guest arguments are bytes in any case.
package struct Text: Equatable, Sendable {
  /// The bytes so far, without a terminator.
  package private(set) var bytes: [UInt8] = []

  package init() {}

  /// Makes a text of given bytes, which need not be UTF-8.
  package init(bytes: [UInt8]) { self.bytes = bytes }

  /// Makes a text of a literal's UTF-8 bytes.
  package init(_ literal: StaticString) { append(literal: literal) }

  package mutating func append(literal: StaticString) {
    guard literal.hasPointerRepresentation else {
      for byte in "\(literal.unicodeScalar)".utf8 { bytes.append(byte) }
      return
    }
    // SAFETY: a literal's bytes live as long as the program, and there are `utf8CodeUnitCount` of them.
    unsafe bytes.append(
      contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }

  package mutating func append(_ other: Text) { bytes.append(contentsOf: other.bytes) }

  package mutating func append(byte: UInt8) { bytes.append(byte) }

  package mutating func append(bytes other: [UInt8]) { bytes.append(contentsOf: other) }

  /// Appends a number in decimal digits.
  package mutating func append(decimal value: some BinaryInteger) {
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    appendDigits(of: UInt64(value.magnitude), radix: 10)
  }

  /// Appends a number in lower-case hexadecimal digits without a prefix, with leading zeros up to `width`.
  package mutating func append(hexadecimal value: UInt64, width: Int = 1) {
    appendDigits(of: value, radix: 16, width: width)
  }

  private mutating func appendDigits(of value: UInt64, radix: UInt64, width: Int = 1) {
    let start = bytes.count
    var rest = value
    repeat {
      let digit = UInt8(truncatingIfNeeded: rest % radix)
      bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      rest /= radix
    } while rest != 0 || bytes.count - start < width
    bytes[start...].reverse()
  }
}

extension Text {
  /// The text with every byte that isn't printable ASCII, and the backslash, as `\xNN`.
  ///
  /// What an image says must not reach a terminal as it is.
  package var printable: Text {
    var printable = Text()
    for byte in bytes {
      if (0x20...0x7e).contains(byte), byte != UInt8(ascii: "\\") {
        printable.append(byte: byte)
      } else {
        printable.append("\\x\(hex: UInt64(byte), width: 2)")
      }
    }
    return printable
  }
}

extension Text: ExpressibleByStringInterpolation {
  package init(stringLiteral literal: StaticString) { self.init(literal) }
  package init(stringInterpolation interpolation: Interpolation) { self = interpolation.text }

  /// Collects the pieces of an interpolated literal.
  package struct Interpolation: StringInterpolationProtocol {
    fileprivate var text = Text()

    package init(literalCapacity: Int, interpolationCount: Int) {}

    package mutating func appendLiteral(_ literal: StaticString) { text.append(literal: literal) }
    package mutating func appendInterpolation(_ literal: StaticString) { text.append(literal: literal) }
    package mutating func appendInterpolation(_ other: Text) { text.append(other) }
    package mutating func appendInterpolation(_ value: some BinaryInteger) { text.append(decimal: value) }
    package mutating func appendInterpolation(hex value: UInt64, width: Int = 1) {
      text.append(hexadecimal: value, width: width)
    }
    package mutating func appendInterpolation(bytes: [UInt8]) { text.append(bytes: bytes) }
  }
}

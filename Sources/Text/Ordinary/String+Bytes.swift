/// Names and arguments are bytes to Linux, and `String` holds only UTF-8. What isn't UTF-8 is kept in scalars that
/// nobody else uses: byte n as U+10FF00 + n, at the end of the last private plane.
///
/// What comes in with such a scalar is kept byte by byte too, so that no two sequences of bytes give one string.
extension String {
  private static let firstKept: UInt32 = 0x10_ff00

  /// Makes the string that stands for any bytes.
  package init(raw bytes: [UInt8]) {
    var scalars = String.UnicodeScalarView()
    var rest = bytes[...]
    while !rest.isEmpty {
      let (scalar, count) = Self.scalar(at: rest)
      if let scalar, scalar.value < Self.firstKept {
        scalars.append(scalar)
      } else {
        for byte in rest.prefix(count) { scalars.append(Unicode.Scalar(Self.firstKept + UInt32(byte)) ?? "?") }
      }
      rest = rest.dropFirst(count)
    }
    self.init(scalars)
  }

  /// The first scalar of some bytes, or nil where they don't begin with one, and how many bytes it takes.
  private static func scalar(at bytes: ArraySlice<UInt8>) -> (Unicode.Scalar?, count: Int) {
    for count in 1...4 where count <= bytes.count {
      if let string = String(validating: bytes.prefix(count), as: UTF8.self) {
        return (string.unicodeScalars.first, count)
      }
    }
    return (nil, 1)
  }

  /// The bytes that the string stands for: its UTF-8, with what was kept as it came.
  package var raw: [UInt8] {
    var bytes: [UInt8] = []
    for scalar in unicodeScalars {
      if let byte = scalar.keptByte {
        bytes.append(byte)
      } else {
        bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
      }
    }
    return bytes
  }

  /// Lends the bytes to the C library, with a zero byte behind them.
  package func withRawCString<Value>(_ body: (UnsafePointer<CChar>) -> Value) -> Value {
    unsafe (raw + [0]).withUnsafeBytes { bytes in
      // SAFETY: the array outlives the call, and has at least the zero byte.
      unsafe body(bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: CChar.self))
    }
  }

  /// The string as it may go to a terminal: what one might obey, and what changes how the rest is read, as `\xNN`.
  ///
  /// That is everything without a glyph of its own but blanks and line ends: control characters, the marks that turn
  /// the direction of writing, invisible ones, and bytes that aren't UTF-8.
  package var obeyedByNoTerminal: String {
    guard unicodeScalars.contains(where: { !$0.isHarmless }) else { return self }
    return unicodeScalars.reduce(into: "") { text, scalar in
      if scalar.isHarmless { text.unicodeScalars.append(scalar) } else { text += scalar.escaped }
    }
  }

  /// The string as one word of a line: as `obeyedByNoTerminal`, line ends and the backslash escaped too.
  package var shown: String {
    unicodeScalars.reduce(into: "") { text, scalar in
      let isPlain = scalar.isHarmless && scalar.value >= 0x20 && scalar != "\\"
      if isPlain { text.unicodeScalars.append(scalar) } else { text += scalar.escaped }
    }
  }
}

extension Text {
  /// The bytes that a string stands for.
  package init(_ string: String) { self.init(bytes: string.raw) }

  /// The text as one word of a line.
  package var shown: String { String(raw: bytes).shown }
}

extension Unicode.Scalar {
  fileprivate var keptByte: UInt8? { value >= 0x10_ff00 ? UInt8(truncatingIfNeeded: value) : nil }

  /// Whether it does nothing but show, or begin a line or a column.
  fileprivate var isHarmless: Bool {
    if (0x20...0x7e).contains(value) || self == "\n" || self == "\t" { return true }
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: return false
    default: return true
    }
  }

  /// Its bytes, each as `\xNN`.
  fileprivate var escaped: String {
    (keptByte.map { [$0] } ?? Array(String(self).utf8)).reduce(into: "") { text, byte in
      text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
  }
}

extension String {
  /// The characters of a text; bytes that are no UTF-8 are kept as they are.
  package init(_ text: Text) { self.init(raw: text.bytes) }

  /// The string with spaces after it, up to a width in characters.
  package func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

  /// A number in lower-case hexadecimal digits, with `0x` before it.
  package init(hex value: some BinaryInteger & UnsignedInteger) { self = "0x" + String(value, radix: 16) }
}

import Text

/// Splits the bytes of a policy file into words, numbers and marks.
///
/// Every member is total: it looks at one byte after checking that there is one, and never goes back.
struct Scanner {
  let source: Source
  private var offset = 0
  private var line = 1
  private var lineStart = 0

  init(_ source: Source) { self.source = source }

  /// The place of the next byte.
  var position: Position { Position(line: line, column: offset - lineStart + 1) }

  /// The next byte, or nil at the end of the file.
  var next: UInt8? { offset < source.bytes.count ? source.bytes[offset] : nil }

  private var isAtBlank: Bool { next == UInt8(ascii: " ") || next == UInt8(ascii: "\t") }

  /// Skips spaces and tabs.
  mutating func skipBlanks() {
    while isAtBlank { offset += 1 }
  }

  /// Skips spaces, tabs, comments and line ends.
  mutating func skipBreaks() throws(PolicyError) {
    while true {
      skipBlanks()
      if next == UInt8(ascii: "#") { try skipLine() }
      guard next == UInt8(ascii: "\n") else { return }
      offset += 1
      line += 1
      lineStart = offset
    }
  }

  /// Takes a mark if the next bytes spell it.
  mutating func take(_ mark: StaticString) -> Bool {
    let expected = mark.span
    guard expected.count <= source.bytes.count - offset else { return false }
    for index in expected.indices where source.bytes[offset + index] != expected[index] { return false }
    offset += expected.count
    return true
  }

  /// Takes a word: a letter or `_`, then letters, digits and `_`; nil if there is none.
  mutating func takeWord() -> Word? {
    guard let first = next, first.isLetter else { return nil }
    let start = offset
    while let byte = next, byte.isLetter || byte.digit != nil { offset += 1 }
    return Word(source.bytes[start..<offset])
  }

  /// Takes a number: decimal or `0x` hexadecimal digits, `_` between them, then K, M or G for a power of 1024; nil
  /// if there is none.
  mutating func takeNumber() throws(PolicyError) -> UInt64? {
    let start = position
    guard let first = next, first.digit != nil else { return nil }
    let radix: UInt64 = take("0x") ? 16 : 10
    var value: UInt64 = 0
    var digits = 0
    while let byte = next {
      if byte == UInt8(ascii: "_"), digits > 0 {
        offset += 1
        continue
      }
      guard let digit = radix == 16 ? byte.hexadecimalDigit : byte.digit else { break }
      value = try grown(value, by: radix, plus: UInt64(digit), at: start)
      digits += 1
      offset += 1
    }
    guard digits > 0 else { throw failure("`0x` has no digits", "write some, as in `0x1f`", at: start) }
    for (suffix, factor) in [("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30)] as [(StaticString, UInt64)]
    where take(suffix) {
      value = try grown(value, by: factor, plus: 0, at: start)
      break
    }
    if let byte = next, byte.isLetter || byte.digit != nil {
      throw failure("the number goes on with \(found)", "write digits, then K, M or G or nothing", at: position)
    }
    return value
  }

  private func grown(
    _ value: UInt64, by factor: UInt64, plus digit: UInt64, at start: Position
  ) throws(PolicyError) -> UInt64 {
    let (product, carried) = value.multipliedReportingOverflow(by: factor)
    let (sum, overflowed) = product.addingReportingOverflow(digit)
    guard !carried, !overflowed else {
      throw failure("the number does not fit 64 bits", "write a smaller one", at: start)
    }
    return sum
  }

  /// Skips what is left of the line; refuses bytes that a terminal might not show as they are.
  private mutating func skipLine() throws(PolicyError) {
    while let byte = next, byte != UInt8(ascii: "\n") {
      guard byte.isPrintable || byte == UInt8(ascii: "\t") else {
        throw failure("\(found) is not printable ASCII", "use letters, digits, marks and spaces", at: position)
      }
      offset += 1
    }
  }

  /// Takes what is left of the line without its end.
  mutating func takeLine() throws(PolicyError) -> Text {
    let start = offset
    try skipLine()
    return Text(bytes: Array(source.bytes[start..<offset]))
  }

  /// Takes blanks and a comment, and checks that the line or the file ends there.
  mutating func finishLine() throws(PolicyError) {
    skipBlanks()
    if next == UInt8(ascii: "#") { try skipLine() }
    guard next == nil || next == UInt8(ascii: "\n") else {
      throw failure("\(found) after the end of the statement", "start a new line", at: position)
    }
  }

  /// What comes next, for messages.
  var found: Text {
    guard let byte = next else { return "the end of the file" }
    guard byte != UInt8(ascii: "\n") else { return "the end of the line" }
    return byte.isPrintable ? "`\(bytes: [byte])`" : "byte 0x\(hex: UInt64(byte), width: 2)"
  }

  /// An error at a place in the file.
  func failure(_ problem: Text, _ advice: Text, at position: Position) -> PolicyError {
    PolicyError(file: source.name, position: position, problem: problem, advice: advice)
  }
}

extension UInt8 {
  fileprivate var isPrintable: Bool { (0x20...0x7e).contains(self) }

  fileprivate var isLetter: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
    default: false
    }
  }
}

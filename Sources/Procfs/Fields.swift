package import Text

/// Parses what the kernel prints, byte by byte.
///
/// A process chooses the bytes of its own name and of its files' names. In a `Character`, such a byte may join the
/// separator behind it: U+0600 before a parenthesis, or a carriage return before a line end. A parser by characters
/// would then miss what follows. Bytes don't join.
extension Text {
  /// The lines that aren't empty, without their ends.
  package var lines: [Text] { bytes.split(separator: 0x0a).map { Text(bytes: Array($0)) } }

  /// The words, separated by blanks and tabs.
  package var words: [Text] {
    bytes.split { $0 == 0x20 || $0 == 0x09 }.map { Text(bytes: Array($0)) }
  }

  /// The fields between separators, also empty ones.
  package func fields(_ separator: UInt8, atMost count: Int = .max) -> [Text] {
    bytes.split(separator: separator, maxSplits: count - 1, omittingEmptySubsequences: false)
      .map { Text(bytes: Array($0)) }
  }

  /// The text without blanks, tabs and line ends around it.
  package var trimmed: Text {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0a }
    guard let first = bytes.firstIndex(where: { !isBlank($0) }), let last = bytes.lastIndex(where: { !isBlank($0) })
    else { return Text() }
    return Text(bytes: Array(bytes[first...last]))
  }

  package var isEmpty: Bool { bytes.isEmpty }

  package func begins(with other: Text) -> Bool { bytes.starts(with: other.bytes) }

  /// The rest of the text behind a prefix; nil if the text doesn't begin with it.
  package func after(_ other: Text) -> Text? {
    begins(with: other) ? Text(bytes: Array(bytes.dropFirst(other.bytes.count))) : nil
  }

  /// Whether the text contains some words, without regard to case.
  package func mentions(_ words: StaticString) -> Bool {
    let wanted = Text(words).bytes
    func small(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }
    let own = bytes.map(small)
    guard own.count >= wanted.count else { return false }
    return (0...own.count - wanted.count).contains { own[$0...].starts(with: wanted) }
  }

  package func has(_ byte: UInt8) -> Bool { bytes.contains(byte) }

  /// The unsigned number that the whole text is; nil if it isn't one, or is too large.
  package func number<Number: FixedWidthInteger & UnsignedInteger>(radix: Number = 10) -> Number? {
    guard !bytes.isEmpty else { return nil }
    var value: Number = 0
    for byte in bytes {
      guard let digit = byte.hexadecimalDigit, digit < radix else { return nil }
      let (product, tooLarge) = value.multipliedReportingOverflow(by: radix)
      let (sum, overflow) = product.addingReportingOverflow(Number(digit))
      guard !tooLarge, !overflow else { return nil }
      value = sum
    }
    return value
  }

  /// The small number, such as a process id or descriptor, that the whole text is.
  package var integer: Int? {
    guard let rest = after("-") else { return number(radix: UInt(10)).flatMap { Int(exactly: $0) } }
    return rest.number(radix: UInt(10)).flatMap { Int(exactly: $0) }.map { -$0 }
  }
}

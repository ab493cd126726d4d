/// Reads JSON from bytes, front to back.
struct JSONReader {
  private let bytes: [UInt8]
  private let file: String
  private var offset = 0
  private var depth = 0

  init(bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  /// The whole document.
  mutating func document() throws(Complaint) -> JSONValue {
    let value = try value()
    skipBlanks()
    guard offset == bytes.count else { throw failure("more after the document's end") }
    return value
  }

  private func failure(_ problem: String) -> Complaint {
    let before = bytes[..<min(offset, bytes.count)]
    let line = 1 + before.count { $0 == 0x0a }
    let column = 1 + offset - (before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0)
    return Complaint("\(file):\(line):\(column): no JSON: \(problem)")
  }

  private mutating func skipBlanks() {
    while offset < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[offset]) { offset += 1 }
  }

  private mutating func take(_ literal: StaticString) -> Bool {
    let literal = Array("\(literal)".utf8)
    guard bytes[offset...].starts(with: literal) else { return false }
    offset += literal.count
    return true
  }

  private mutating func value() throws(Complaint) -> JSONValue {
    skipBlanks()
    guard offset < bytes.count else { throw failure("the file ends too early") }
    switch bytes[offset] {
    case UInt8(ascii: "{"): return try nested { reader throws(Complaint) in try reader.object() }
    case UInt8(ascii: "["): return try nested { reader throws(Complaint) in try reader.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    default:
      if take("true") { return .boolean(true) }
      if take("false") { return .boolean(false) }
      if take("null") { return .null }
      throw failure("expected a value")
    }
  }

  private mutating func nested(
    _ body: (inout JSONReader) throws(Complaint) -> JSONValue
  ) throws(Complaint) -> JSONValue {
    guard depth < 64 else { throw failure("nested too deep") }
    depth += 1
    defer { depth -= 1 }
    offset += 1
    return try body(&self)
  }

  private mutating func object() throws(Complaint) -> JSONValue {
    var members: [(key: String, value: JSONValue)] = []
    skipBlanks()
    if take("}") { return .object([]) }
    repeat {
      skipBlanks()
      let key = try string()
      skipBlanks()
      guard take(":") else { throw failure("expected `:`") }
      members.append((key, try value()))
      skipBlanks()
    } while take(",")
    guard take("}") else { throw failure("expected `,` or `}`") }
    return .object(members)
  }

  private mutating func array() throws(Complaint) -> JSONValue {
    var values: [JSONValue] = []
    skipBlanks()
    if take("]") { return .array([]) }
    repeat {
      values.append(try value())
      skipBlanks()
    } while take(",")
    guard take("]") else { throw failure("expected `,` or `]`") }
    return .array(values)
  }

  private mutating func number() throws(Complaint) -> Int64 {
    let start = offset
    _ = take("-")
    while offset < bytes.count, (0x30...0x39).contains(bytes[offset]) { offset += 1 }
    guard let value = Int64(String(decoding: bytes[start..<offset], as: UTF8.self)) else {
      throw failure("expected a whole number of 64 bits")
    }
    return value
  }

  private mutating func string() throws(Complaint) -> String {
    guard take("\"") else { throw failure("expected a string") }
    var content: [UInt8] = []
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\"") {
      guard bytes[offset] >= 0x20 else { throw failure("a control character in a string") }
      if bytes[offset] == UInt8(ascii: "\\") {
        offset += 1
        try content.append(contentsOf: escape())
      } else {
        content.append(bytes[offset])
        offset += 1
      }
    }
    guard take("\"") else { throw failure("the string does not end") }
    return String(decoding: content, as: UTF8.self)
  }

  private mutating func escape() throws(Complaint) -> [UInt8] {
    let plain: [(mark: StaticString, byte: UInt8)] = [
      ("\"", 0x22), ("\\", 0x5c), ("/", 0x2f), ("b", 8), ("f", 12), ("n", 10), ("r", 13), ("t", 9),
    ]
    for (mark, byte) in plain where take(mark) { return [byte] }
    guard take("u"), offset + 4 <= bytes.count,
      let unit = UInt32(String(decoding: bytes[offset..<offset + 4], as: UTF8.self), radix: 16)
    else { throw failure("an unknown escape in a string") }
    offset += 4
    // What Brig writes escapes single bytes; a surrogate half stands for nothing here.
    return Array(String(Character(Unicode.Scalar(unit) ?? "\u{fffd}")).utf8)
  }
}

/// A JSON document (RFC 8259) built from front to back, two spaces a level.
///
/// Each is of a kind, which its first two members say. What is opened as `compact` stands on one line, with all that is
/// in it.
package struct JSON {
  /// The document so far.
  private var text = Text()
  private var depth = 0
  private var compactDepth = 0
  private var first = true

  private init() {}

  /// Makes a document.
  ///
  /// - Parameters:
  ///   - kind: what it is.
  ///   - members: writes what stands behind the members that say so.
  /// - Returns: its text, a line break at its end.
  package static func document(_ kind: DocumentKind, _ members: (inout JSON) -> Void) -> Text {
    var json = JSON()
    json.write(kind, members)
    return json.text
  }

  /// Makes an array of documents of one kind.
  package static func documents<Subject>(
    _ kind: DocumentKind, of subjects: [Subject], _ members: (Subject, inout JSON) -> Void
  ) -> Text {
    var json = JSON()
    json.array { json in for subject in subjects { json.write(kind) { json in members(subject, &json) } } }
    return json.text
  }

  private mutating func write(_ kind: DocumentKind, _ members: (inout JSON) -> Void) {
    object { json in
      let (name, version) = kind.row
      json.string("schema", "\(name)")
      json.number("version", version)
      members(&json)
    }
  }

  /// Writes an object as the value of a member, or as an array's element where there is no key.
  package mutating func object(_ key: StaticString? = nil, compact: Bool = false, _ members: (inout JSON) -> Void) {
    nest(key, "{", "}", compact: compact, members)
  }

  /// Writes an array as the value of a member, or as an array's element where there is no key.
  package mutating func array(_ key: StaticString? = nil, compact: Bool = false, _ elements: (inout JSON) -> Void) {
    nest(key, "[", "]", compact: compact, elements)
  }

  /// Writes a string; bytes that aren't printable ASCII are escaped one by one as `\u00XX`.
  package mutating func string(_ key: StaticString? = nil, _ value: Text) {
    begin(key)
    text.append(byte: UInt8(ascii: "\""))
    for byte in value.bytes { escape(byte) }
    text.append(byte: UInt8(ascii: "\""))
  }

  /// Writes a whole number.
  package mutating func number(_ key: StaticString? = nil, _ value: some BinaryInteger) {
    begin(key)
    text.append(decimal: value)
  }

  /// Writes `true` or `false`.
  package mutating func boolean(_ key: StaticString? = nil, _ value: Bool) {
    begin(key)
    text.append(value ? "true" : "false")
  }

  private mutating func nest(
    _ key: StaticString?, _ open: StaticString, _ close: StaticString, compact: Bool, _ body: (inout JSON) -> Void
  ) {
    begin(key)
    text.append(literal: open)
    let compact = compact || compactDepth > 0
    if compact { compactDepth += 1 } else { depth += 1 }
    first = true
    body(&self)
    if !compact { depth -= 1 }
    if !first { separate() }
    if compact { compactDepth -= 1 }
    first = false
    text.append(literal: close)
    if depth == 0 && compactDepth == 0 { text.append("\n") }
  }

  private mutating func begin(_ key: StaticString?) {
    if !first { text.append(",") }
    if depth > 0 || compactDepth > 0 { separate() }
    first = false
    guard let key else { return }
    text.append(byte: UInt8(ascii: "\""))
    text.append(literal: key)
    text.append("\": ")
  }

  private mutating func separate() {
    guard compactDepth == 0 else { return text.append(" ") }
    text.append("\n")
    for _ in 0..<depth { text.append("  ") }
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      text.append(byte: UInt8(ascii: "\\"))
      text.append(byte: byte)
    case 0x20...0x7e: text.append(byte: byte)
    default:
      text.append("\\u00")
      text.append(hexadecimal: UInt64(byte), width: 2)
    }
  }
}

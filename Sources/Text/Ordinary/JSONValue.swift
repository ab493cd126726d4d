/// A JSON document (RFC 8259) that has been read.
///
/// Numbers are whole ones of at most 64 bits: what Brig writes has no others.
package indirect enum JSONValue: Equatable, Sendable {
  case null
  case boolean(Bool)
  case number(Int64)
  case string(String)
  case array([JSONValue])
  case object([(key: String, value: JSONValue)])

  package static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.boolean(let a), .boolean(let b)): a == b
    case (.number(let a), .number(let b)): a == b
    case (.string(let a), .string(let b)): a == b
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)): a.elementsEqual(b) { $0.key == $1.key && $0.value == $1.value }
    default: false
    }
  }

  /// Reads a document.
  ///
  /// - Parameters:
  ///   - bytes: the document and nothing after it but blanks.
  ///   - file: the name that complaints give it.
  /// - Throws: `Complaint` with the file, line and column of the first thing that isn't JSON.
  package init(parsing bytes: [UInt8], file: String) throws(Complaint) {
    var reader = JSONReader(bytes: bytes, file: file)
    self = try reader.document()
  }

  /// The member of an object, or nil where this is none or has none of the name.
  package subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  package var string: String? { if case .string(let value) = self { value } else { nil } }
  package var number: Int64? { if case .number(let value) = self { value } else { nil } }
  package var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
  /// The elements, none where this is no array.
  package var elements: [JSONValue] { if case .array(let values) = self { values } else { [] } }

  /// A number that isn't negative, written as a number or as a string of `0x` and hexadecimal digits.
  package var unsigned: UInt64? {
    switch self {
    case .number(let value): return UInt64(exactly: value)
    case .string(let text):
      guard text.hasPrefix("0x"), text.dropFirst(2).allSatisfy(\.isHexDigit) else { return nil }
      return UInt64(text.dropFirst(2), radix: 16)
    default: return nil
    }
  }
}

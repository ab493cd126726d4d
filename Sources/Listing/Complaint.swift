package import Text

/// Something that the person at the command line has to put right: one sentence with its place.
package struct Complaint: Error, Equatable, Sendable {
  package let message: String

  package init(_ message: String) { self.message = message }

  /// A filter that can't be compared in reasonable time.
  package static let tooIrregular = Complaint("a filter too irregular to compare: it takes too many decisions")
}

extension String {
  /// The characters of a text; bytes that are no UTF-8 are kept as they are.
  package init(_ text: Text) { self.init(raw: text.bytes) }

  /// The string with spaces after it, up to a width in characters.
  package func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

  /// A number in lower-case hexadecimal digits, with `0x` before it.
  package init(hex value: some BinaryInteger & UnsignedInteger) { self = "0x" + String(value, radix: 16) }
}

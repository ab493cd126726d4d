/// An XML 1.0 document built from front to back, two spaces a level; it is well-formed whatever the texts hold.
///
/// What XML has no way to say, as most control characters and bytes that aren't UTF-8, stands there as `\xNN`.
package struct XML {
  private var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
  private var depth = 0

  package init() {}

  /// The document so far, in UTF-8.
  package var bytes: [UInt8] { Array(text.utf8) }

  /// Writes an element.
  ///
  /// - Parameters:
  ///   - name: its name.
  ///   - attributes: their names and values, in order.
  ///   - content: writes the elements in it, on lines of their own.
  package mutating func element(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String>, _ content: (inout XML) -> Void
  ) {
    begin(name, attributes)
    text += ">\n"
    depth += 1
    content(&self)
    depth -= 1
    indent()
    text += "</\(name)>\n"
  }

  /// Writes an element with a text in it, or with nothing.
  package mutating func element(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String>, text content: String = ""
  ) {
    begin(name, attributes)
    text += content.isEmpty ? "/>\n" : ">\(Self.escaped(content))</\(name)>\n"
  }

  private mutating func begin(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String>) {
    indent()
    text += "<\(name)"
    for (name, value) in attributes { text += " \(name)=\"\(Self.escaped(value, isAttribute: true))\"" }
  }

  private mutating func indent() { text += String(repeating: "  ", count: depth) }

  /// A text as it may stand in a document; in an attribute a line's end is a reference, or a reader takes it for a
  /// blank.
  private static func escaped(_ content: String, isAttribute: Bool = false) -> String {
    content.obeyedByNoTerminal.unicodeScalars.reduce(into: "") { text, scalar in
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"" where isAttribute: text += "&quot;"
      case "\n" where isAttribute, "\t" where isAttribute: text += "&#\(scalar.value);"
      default: text.unicodeScalars.append(scalar)
      }
    }
  }
}

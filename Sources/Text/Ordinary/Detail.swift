/// Words for people with lists in them: whole for programs, and as much of them as a line has room for.
///
/// A list is interpolated by `\(list: items)`; whatever else it is made of stands in both.
package struct Detail: Equatable, Sendable {
  /// All of it.
  package private(set) var whole: String
  /// The same with each long list cut.
  package private(set) var line: String

  package init(_ words: String) { (whole, line) = (words, words) }

  package var isEmpty: Bool { whole.isEmpty }
}

extension Detail: ExpressibleByStringInterpolation {
  package init(stringLiteral words: String) { self.init(words) }
  package init(stringInterpolation: Words) { self = stringInterpolation.detail }

  /// What an interpolation is gathered in.
  package struct Words: StringInterpolationProtocol {
    fileprivate var detail = Detail("")

    package init(literalCapacity: Int, interpolationCount: Int) {}

    package mutating func appendLiteral(_ words: String) { append(words, words) }
    package mutating func appendInterpolation<Value>(_ value: Value) { append("\(value)", "\(value)") }
    package mutating func appendInterpolation(_ other: Detail) { append(other.whole, other.line) }
    package mutating func appendInterpolation(list items: [String], separator: String = " ") {
      append(items.joined(separator: separator), items.shortened(separator: separator))
    }

    private mutating func append(_ whole: String, _ line: String) {
      detail.whole += whole
      detail.line += line
    }
  }
}

extension Array where Element == String {
  /// The first items, and how many there are besides: a list that may be of any length, as a line has room for it.
  ///
  /// - Parameters:
  ///   - separator: what stands between them.
  ///   - most: how many are shown, at least 1; one more is shown in place of `and 1 more`.
  /// - Returns: the line.
  package func shortened(separator: String = " ", most: Int = 10) -> String {
    guard count > most + 1 else { return joined(separator: separator) }
    return "\(prefix(most).joined(separator: separator)) … and \(count - most) more"
  }
}

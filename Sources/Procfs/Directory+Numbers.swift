package import Host
package import Text

extension Directory {
  /// The numbers among the names in a directory, sorted; nil where it can't be read.
  package static func numbers(_ path: Text) -> [Int32]? {
    names(path)?.compactMap { $0.integer.flatMap { Int32(exactly: $0) } }.sorted()
  }
}

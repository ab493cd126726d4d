package import Host
package import Text

extension Directory {
  /// The names in a directory that are numbers, sorted; nil if the directory can't be read.
  package static func numbers(_ path: Text) -> [Int32]? {
    names(path)?.compactMap { $0.integer.flatMap { Int32(exactly: $0) } }.sorted()
  }
}

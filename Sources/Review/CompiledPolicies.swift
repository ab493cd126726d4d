import Host
import Policy

/// The policy files that are compiled into this program.
///
/// It shows, proves and compares these.
package enum CompiledPolicies {
  private static var sources: [Source] { [.constants] + Module.allCases.map(\.source) }

  /// The files of a directory that differ from the compiled ones; none if the directory has no policy files.
  package static func differing(in directory: String) -> [String] {
    let here = sources.map { source in
      let path = "\(directory)/\(source.name)"
      return (path: path, bytes: try? Files.read(path), source: source)
    }
    guard here.contains(where: { $0.bytes != nil }) else { return [] }
    return here.filter { $0.bytes != $0.source.bytes }.map(\.path)
  }
}

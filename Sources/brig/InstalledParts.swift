import Glibc
import Host
import Text

/// The files that `brig` comes with: other programs, guests and scripts.
///
/// They are found relative to this program's own file: beside it, where they are built, or in `../libexec/brig`, where
/// they are installed.
enum InstalledParts {
  /// Finds a part.
  ///
  /// - Parameters:
  ///   - name: its path below such a place.
  ///   - package: the package that it is in, to be named where it isn't installed.
  /// - Returns: its path.
  /// - Throws: `Complaint` with the places where it was looked for.
  static func find(_ name: String, of package: String) throws(Complaint) -> String {
    let own = try directory()
    let places = ["\(own)/\(name)", "\(own)/../libexec/brig/\(name)"]
    for path in places where Files.refusal(path, F_OK) == nil { return path }
    throw Complaint("\(name): neither \(places.joined(separator: " nor ")) is there: install \(package)")
  }

  /// Finds a directory that a command reads if it was given none: the repository's, or the installed one beside the
  /// program.
  ///
  /// Standard error says so of the installed one: it isn't what a person who stands in a repository's copy expects.
  ///
  /// - Parameters:
  ///   - usual: where the repository has it, from the working directory.
  ///   - name: its name below `share/brig`.
  /// - Returns: its path.
  /// - Throws: `Complaint` where neither is there.
  static func shared(_ usual: String, _ name: String) throws(Complaint) -> String {
    if Files.refusal(usual, F_OK) == nil { return usual }
    let installed = "\(parent(of: try directory()))/share/brig/\(name)"
    guard Files.refusal(installed, F_OK) == nil else {
      throw Complaint("\(usual): neither it nor \(installed) is there: name the directory, or install brig-hvt")
    }
    Files.complain("brig: no \(usual) here: these are the installed ones, \(installed)\n")
    return installed
  }

  private static func parent(of path: String) -> String {
    String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }

  /// The directory that this program's file is in.
  ///
  /// - Throws: `Complaint` without `/proc`.
  static func directory() throws(Complaint) -> String {
    guard let link = Directory.link("/proc/self/exe") else {
      throw Complaint("/proc/self/exe: cannot be read: mount /proc")
    }
    return parent(of: String(link))
  }
}

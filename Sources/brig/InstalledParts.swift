import Glibc
import Host
import Text

/// The files that `brig` comes with: other programs, guests and scripts.
///
/// They are found relative to this program's own file: beside it, where they are built, or in `../libexec/brig`, where they
/// are installed.
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

  /// The directory that this program's file is in.
  ///
  /// - Throws: `Complaint` without `/proc`.
  static func directory() throws(Complaint) -> String {
    guard let link = Directory.link("/proc/self/exe") else {
      throw Complaint("/proc/self/exe: cannot be read: mount /proc")
    }
    let path = String(link)
    return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }
}

import Host
import Text

/// This program's own file.
enum OwnProgram {
  /// The directory that this program's file is in.
  static func directory() throws(Complaint) -> String {
    guard let link = Directory.link("/proc/self/exe") else {
      throw Complaint("/proc/self/exe: cannot be read: mount /proc")
    }
    let path = String(link)
    return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }
}

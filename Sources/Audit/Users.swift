import CLinux
import Glibc

/// Which processes a user has.
enum Users {
  /// The processes of a uid, as far as `/proc` shows them.
  static func processes(of uid: String) -> [Int32] {
    (Directory.names("/proc") ?? []).compactMap { Int32($0) }.filter { process in
      guard let subject = try? Subject(process) else { return false }
      return subject.status("Uid")?.split(separator: "\t").contains(Substring(uid)) == true
    }
  }

  /// The owner of a file, or nil where it can't be asked.
  static func owner(of path: String) -> UInt32? {
    var status = stat()
    // SAFETY: the C library gets a terminated path and writes its own structure.
    return unsafe lstat(path, &status) == 0 ? status.st_uid : nil
  }
}

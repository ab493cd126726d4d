import CLinux
import Glibc

/// Directories and links, for looking into `/proc`.
package enum Directory {
  /// The names in a directory but `.` and `..`, or nil where it can't be read.
  package static func names(_ path: String) -> [String]? {
    guard let stream = unsafe opendir(path) else { return nil }
    // SAFETY: the stream is open until here, and used by nobody else.
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      // SAFETY: the C library ends the name with a zero byte within the entry.
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// What a symbolic link says, or nil where it can't be read.
  static func link(_ path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: 4097)
    let count = unsafe readlink(path, &buffer, 4096)
    guard count >= 0 else { return nil }
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

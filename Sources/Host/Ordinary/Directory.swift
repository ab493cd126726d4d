import CLinux
import Glibc
package import Text

/// Directories and links, for looking into `/proc`.
package enum Directory {
  /// The names in a directory without `.` and `..`; nil if it can't be read, and `errno` says why.
  package static func names(_ path: Text) -> [Text]? {
    guard let stream = unsafe withPath(path, { unsafe opendir($0) }) else { return nil }
    // SAFETY: the stream is open until here, and used by nobody else.
    defer { unsafe closedir(stream) }
    var names: [Text] = []
    while let entry = unsafe readdir(stream) {
      // SAFETY: the C library ends the name with a zero byte within the entry.
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        unsafe Text(bytes: Array(bytes.prefix { $0 != 0 }))
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// The target of a symbolic link; nil if it can't be read, and `errno` says why.
  package static func link(_ path: Text) -> Text? {
    var buffer = [CChar](repeating: 0, count: 4097)
    let count = unsafe withPath(path) { unsafe readlink($0, &buffer, 4096) }
    guard count >= 0 else { return nil }
    return Text(bytes: buffer[..<count].map { UInt8(bitPattern: $0) })
  }

  private static func withPath<Value>(_ path: Text, _ body: (UnsafePointer<CChar>) -> Value) -> Value {
    let terminated = path.bytes.map { CChar(bitPattern: $0) } + [0]
    // SAFETY: the array ends in a zero byte and outlives the call.
    return unsafe body(terminated)
  }
}

import CLinux
import Glibc
import Host
import Text

/// This program's own file, and the starting of others.
enum Program {
  private static let link: StaticString = "/proc/self/exe"

  /// The directory that this program's file is in.
  static func directory() throws(Complaint) -> String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe buffer.withUnsafeMutableBytes {
      // SAFETY: at most the buffer's length is written.
      unsafe Kernel.raw(
        SystemCall("readlinkat", Int32(SYS_readlinkat)), Int(AT_FDCWD), Int(bitPattern: Self.link.utf8Start),
        Int(bitPattern: $0.baseAddress), $0.count)
    }
    guard count > 0 else { throw Complaint("/proc/self/exe: cannot be read: mount /proc") }
    let path = String(raw: Array(buffer[..<count]))
    return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }

  /// Executes a program in this one's place.
  ///
  /// - Returns: Why it can't be done, an error number.
  static func execute(_ path: String, _ arguments: [String]) -> Int32 {
    var pointers = unsafe arguments.map { unsafe $0.withRawCString { unsafe strdup($0) } }
    unsafe pointers.append(nil)
    // SAFETY: terminated strings and a null behind them; the process is replaced or its memory freed at exit.
    return unsafe path.withRawCString {
      _ = unsafe execv($0, &pointers)
      return errno
    }
  }
}

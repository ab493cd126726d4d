import CLinux
import Host
import Text

/// A file under `/proc` that is read or written whole.
enum ProcessFile {
  static func write(_ path: Text, _ value: Text) throws(SystemError) {
    try Descriptor.open(path, O_WRONLY).write(value)
  }

  /// Reads what a file holds, up to a number of bytes.
  static func read(_ path: Text, most: Int = 32) throws(SystemError) -> [UInt8] {
    let file = try Descriptor.open(path, O_RDONLY)
    var bytes = [UInt8](repeating: 0, count: most)
    let count = unsafe bytes.withUnsafeMutableBytes { buffer in
      // SAFETY: the kernel writes at most as many bytes as the buffer has.
      Kernel.raw(.read, Int(file.raw), Int(bitPattern: buffer.baseAddress), buffer.count)
    }
    guard count >= 0 else { throw SystemError(call: "read", code: Int32(-count)) }
    return Array(bytes.prefix(count))
  }
}

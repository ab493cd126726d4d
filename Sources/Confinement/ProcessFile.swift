import CLinux
import Host
import Text

/// A file under `/proc` that is read or written whole.
enum ProcessFile {
  static func write(_ path: Text, _ value: Text) throws(SystemError) {
    try Descriptor.open(path, O_WRONLY).write(value)
  }

  /// Reads up to 32 bytes.
  static func read(_ path: Text) throws(SystemError) -> [UInt8] {
    let file = try Descriptor.open(path, O_RDONLY)
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = unsafe bytes.withUnsafeMutableBytes { buffer in
      // SAFETY: the kernel writes at most the buffer's 32 bytes.
      Kernel.raw(.read, Int(file.raw), Int(bitPattern: buffer.baseAddress), buffer.count)
    }
    guard count >= 0 else { throw SystemError(call: "read", code: Int32(-count)) }
    return Array(bytes.prefix(count))
  }
}

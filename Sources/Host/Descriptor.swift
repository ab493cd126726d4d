import CLinux
package import Text

/// A file descriptor, closed when its owner lets go of it.
@frozen
public struct Descriptor: ~Copyable {
  /// The number, for system calls and for the policy's bindings.
  package let raw: Int32

  /// Takes over a descriptor that nobody else closes.
  package init(owning raw: Int32) { self.raw = raw }

  /// Closes it, but for 0: that is what an outer filter returns that answers a call without making it, and standard
  /// input's.
  deinit { if raw != 0 { _ = Kernel.once(.close, Int(raw)) } }

  /// Gives up ownership: the descriptor stays open until the process ends.
  ///
  /// The sealed tender's descriptors are disarmed, because `close` is a forbidden call by then.
  package consuming func disarm() -> Int32 {
    let raw = raw
    discard self
    return raw
  }
}

extension Descriptor {
  /// Opens a path relative to the working directory, close-on-exec.
  ///
  /// - Parameters:
  ///   - path: the file's name, without a terminator.
  ///   - flags: `O_RDONLY` and its like.
  ///   - mode: permission bits of a file that is created.
  /// - Returns: the open file.
  /// - Throws: what the kernel said when it refused.
  package static func open(_ path: Text, _ flags: Int32, mode: Int = 0) throws(SystemError) -> Descriptor {
    let terminated = path.bytes + [0]
    let result = unsafe terminated.withUnsafeBytes { name in
      // SAFETY: `terminated` ends in a zero byte and outlives the call.
      Kernel.raw(
        .openat, Int(AT_FDCWD), Int(bitPattern: name.baseAddress), Int(flags | O_CLOEXEC), mode)
    }
    guard result >= 0 else { throw SystemError(call: "open", code: Int32(truncatingIfNeeded: -result)) }
    return Descriptor(owning: Int32(truncatingIfNeeded: result))
  }

  /// Reads once.
  ///
  /// - Parameters:
  ///   - most: how many bytes there is room for.
  ///   - offset: from where; nil is where the file stands.
  /// - Returns: what there was; nothing at the end.
  /// - Throws: what the kernel said when it refused.
  package borrowing func read(most: Int, at offset: Int? = nil) throws(SystemError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: most)
    let number = Int(raw)
    let count = unsafe bytes.withUnsafeMutableBytes { buffer in
      // SAFETY: the kernel writes at most as many bytes as the buffer has.
      Kernel.raw(
        offset == nil ? .read : .pread64, number, Int(bitPattern: buffer.baseAddress), buffer.count, offset ?? 0)
    }
    guard count >= 0 else { throw SystemError(call: offset == nil ? "read" : "pread64", code: Int32(-count)) }
    return Array(bytes.prefix(count))
  }

  /// Writes all bytes, in as many pieces as it takes.
  package borrowing func write(_ text: Text) throws(SystemError) { try Self.write(text, to: raw) }

  /// Writes all bytes to a descriptor of the launcher's.
  package static func write(_ text: Text, to raw: Int32) throws(SystemError) {
    var done = 0
    while done < text.bytes.count {
      let rest = text.bytes[done...]
      let result = unsafe rest.withUnsafeBytes { bytes in
        Kernel.raw(.write, Int(raw), Int(bitPattern: bytes.baseAddress), bytes.count)
      }
      guard result > 0 else {
        throw SystemError(call: "write", code: result < 0 ? Int32(truncatingIfNeeded: -result) : ENOSPC)
      }
      done += result
    }
  }
}

import CLinux
package import Text

/// The whole content of a regular file, read once: what is checked, hashed and loaded are the same bytes.
package struct FileBytes: ~Copyable {
  private let mapping: Mapping
  /// How many bytes the file has.
  package let count: Int

  private init(mapping: consuming Mapping, count: Int) {
    self.mapping = mapping
    self.count = count
  }

  /// Reads a file.
  ///
  /// - Throws: what the kernel said, `EISDIR` for a directory and `EINVAL` for what else isn't a regular file.
  package static func read(_ path: Text) throws(SystemError) -> FileBytes {
    // A pipe or a terminal must not hold the tender up before it is known for what it is.
    let file = try Descriptor.open(path, O_RDONLY | O_NONBLOCK)
    let status = try FileStatus(of: file.raw)
    switch status.kind {
    case .regular: break
    case .directory: throw SystemError(call: "open", code: EISDIR)
    default: throw SystemError(call: "open", code: EINVAL)
    }
    let size = Int(clamping: status.size)
    let mapping = try Mapping.anonymous(
      count: max(size, 1), protection: PROT_READ | PROT_WRITE, flags: MAP_POPULATE)
    var done = 0
    while done < size {
      let count = try Kernel.call(
        .read, Int(file.raw), Int(bitPattern: mapping.start) + done, size - done)
      guard count > 0 else { break }
      done += count
    }
    return FileBytes(mapping: mapping, count: done)
  }

  /// Lends the bytes.
  package borrowing func withSpan<Value: ~Copyable, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    try mapping.withSpan(count: count, body)
  }
}

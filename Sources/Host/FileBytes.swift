import CLinux
package import Text

/// The content of a regular file or a block device; each byte is read once at most, so the same bytes are checked,
/// hashed and loaded.
///
/// Parts that weren't read are zeros and take no memory, so that a large file costs no more than what is used of it.
package struct FileBytes: ~Copyable {
  /// Nil once nothing more is read.
  private var file: Descriptor?
  private let mapping: Mapping
  /// The parts that have been read, in ascending order, no two of them touching.
  private var parts: [Range<Int>] = []
  /// How many bytes the file has.
  package private(set) var count: Int
  /// The file that it is.
  package let status: FileStatus

  /// Opens a file and reads nothing of it yet.
  ///
  /// - Throws: what the kernel said, `EISDIR` for a directory and `EINVAL` for what else is neither a regular file nor
  ///   a block device.
  package init(opening path: Text) throws(SystemError) {
    // A pipe or a terminal must not hold the tender up before it is known for what it is.
    let file = try Descriptor.open(path, O_RDONLY | O_NONBLOCK)
    let status = try FileStatus(of: file.raw)
    let count: Int
    switch status.kind {
    case .regular: count = Int(clamping: status.size)
    case .blockDevice: count = try Kernel.call(.lseek, Int(file.raw), 0, Int(SEEK_END))
    case .directory: throw SystemError(call: "open", code: EISDIR)
    default: throw SystemError(call: "open", code: EINVAL)
    }
    let mapping = try Mapping.anonymous(
      count: max(count, 1), protection: PROT_READ | PROT_WRITE, flags: MAP_NORESERVE)
    self.file = consume file
    self.mapping = mapping
    self.count = count
    self.status = status
  }

  /// Opens a file and reads all of it.
  package static func read(_ path: Text) throws(SystemError) -> FileBytes {
    var file = try FileBytes(opening: path)
    try file.read([0..<file.count])
    return file
  }

  /// Reads what isn't read yet of some parts, up to the file's end.
  ///
  /// A file that has become shorter meanwhile counts as that short.
  package mutating func read(_ wanted: [Range<Int>]) throws(SystemError) {
    let union = Self.union(parts + wanted.map { $0.clamped(to: 0..<count) })
    var old = parts[...]
    for part in union {
      var next = part.lowerBound
      while let known = old.first, known.lowerBound < part.upperBound {
        try fill(next..<max(next, known.lowerBound))
        next = known.upperBound
        old.removeFirst()
      }
      try fill(next..<part.upperBound)
    }
    parts = union
  }

  /// The digest of the whole file: of what was read, and of the rest, which isn't kept.
  package borrowing func digest() throws(SystemError) -> Digest {
    let scratch = try Mapping.anonymous(count: Self.piece, protection: PROT_READ | PROT_WRITE)
    var builder = Digest.Builder()
    var next = 0
    for part in parts + [count..<count] {
      while next < min(part.lowerBound, count) {
        let got = try read(next..<min(next + Self.piece, part.lowerBound, count), to: scratch.start)
        guard got > 0 else { throw SystemError(call: "read", code: ESTALE) }
        scratch.withSpan(count: got) { builder.add($0) }
        next += got
      }
      let known = part.clamped(to: 0..<count)
      mapping.withSpan(count: count) { builder.add($0.extracting(known)) }
      next = max(next, known.upperBound)
    }
    return builder.digest()
  }

  /// Closes the file; what wasn't read stays zeros.
  package mutating func close() { file = nil }

  /// Lends the bytes.
  package borrowing func withSpan<Value: ~Copyable, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    try mapping.withSpan(count: count, body)
  }
}

extension FileBytes {
  /// How many bytes are hashed at a time that nobody keeps.
  private static var piece: Int { 1 << 16 }

  private mutating func fill(_ range: Range<Int>) throws(SystemError) {
    var next = range.lowerBound
    while next < min(range.upperBound, count) {
      let got = try read(next..<range.upperBound, to: mapping.start + UInt(next))
      if got == 0 { count = next }
      next += got
    }
  }

  private borrowing func read(_ range: Range<Int>, to address: UInt) throws(SystemError) -> Int {
    switch file {
    case .some(let file):
      try Kernel.call(.pread64, Int(file.raw), Int(bitPattern: address), range.count, range.lowerBound)
    case .none: throw SystemError(call: "read", code: EBADF)
    }
  }

  /// Ranges in ascending order, those that overlap or touch made one, without the empty ones.
  private static func union(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var union: [Range<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
      if let last = union.last, range.lowerBound <= last.upperBound {
        union[union.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        union.append(range)
      }
    }
    return union
  }
}

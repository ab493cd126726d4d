/// The size of the file, against which every offset in it is checked.
struct FileExtent: Sendable {
  /// The size in bytes.
  let size: Int

  /// Returns the part of [offset, offset + count) that the file holds, as `pread` would return it.
  ///
  /// It's complete if it has `count` bytes. Any offset and count are allowed, and the result always lies in the file.
  func range(at offset: UInt64, count: UInt64) -> Range<Int> {
    let start = Int(exactly: offset).map { min($0, size) } ?? size
    let rest = size - start
    return start..<start + (Int(exactly: count).map { min($0, rest) } ?? rest)
  }
}

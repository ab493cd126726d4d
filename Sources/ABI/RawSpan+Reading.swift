extension RawSpan {
  /// Reads a little-endian integer of any alignment.
  ///
  /// - Parameters:
  ///   - type: the integer's type; its size is how many bytes are read.
  ///   - offset: the place of its first byte, from the start of the span; any value is allowed.
  /// - Returns: the integer, or nothing if it doesn't lie wholly within the span.
  package func read<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type, at offset: Int) -> T? {
    let size = MemoryLayout<T>.size
    guard offset >= 0, size <= byteCount, offset <= byteCount - size else { return nil }
    // SAFETY: the guard keeps [offset, offset + size) inside the span, and every bit pattern is a value of T.
    return T(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: T.self))
  }

  /// Copies the bytes of a range, or nothing if it doesn't lie wholly within the span.
  package func copy(_ range: Range<Int>) -> [UInt8]? {
    guard range.lowerBound >= 0, range.upperBound <= byteCount else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count)
    for offset in range {
      guard let byte = read(UInt8.self, at: offset) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }
}

extension [UInt8] {
  /// Appends an integer's bytes, the lowest first: the order of every ABI structure.
  package mutating func append<T: FixedWidthInteger>(littleEndian value: T) {
    var rest = value
    for _ in 0..<MemoryLayout<T>.size {
      append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  /// Appends zero bytes until there are `count` in all; does nothing if there are as many already.
  package mutating func pad(to count: Int) {
    while self.count < count { append(0) }
  }
}

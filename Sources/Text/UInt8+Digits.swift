extension UInt8 {
  /// The value of a decimal digit's byte, or nil.
  package var digit: UInt8? {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) ? self - UInt8(ascii: "0") : nil
  }

  /// The value of a hexadecimal digit's byte, of either case, or nil.
  package var hexadecimalDigit: UInt8? {
    let lower = self | 0x20
    guard (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(lower) else { return digit }
    return lower - UInt8(ascii: "a") + 10
  }
}

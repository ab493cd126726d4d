import Text

extension UInt8 {
  /// Whether it is an ASCII letter or digit.
  var isLetterOrDigit: Bool { digit != nil || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
}

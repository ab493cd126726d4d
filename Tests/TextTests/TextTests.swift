import Testing
import Text

/// To add one: a row of `decimal` or `hexadecimal`: a number, and its digits.
@Suite("text")
struct TextTests {
  @Test("pieces are appended in order")
  func appends() {
    var text = Text("a")
    text.append("b")
    text.append(byte: 0)
    text.append(bytes: [0xff, 0x0a])
    text.append(literal: "é")
    #expect(text.bytes == [97, 98, 0, 0xff, 0x0a, 0xc3, 0xa9])
  }

  @Test(
    "whole numbers become decimal digits",
    arguments: [
      (0, "0"), (9, "9"), (10, "10"), (-1, "-1"), (Int64.max, "9223372036854775807"),
      (Int64.min, "-9223372036854775808"),
    ] as [(Int64, StaticString)])
  func decimal(_ value: Int64, _ digits: StaticString) {
    var text = Text()
    text.append(decimal: value)
    #expect(text == Text(digits))
  }

  @Test("the greatest number and the narrowest are whole too")
  func decimalEnds() {
    #expect("\(UInt64.max) \(UInt8.max) \(Int8.min)" as Text == "18446744073709551615 255 -128")
  }

  @Test(
    "hexadecimal digits are padded to a width and never cut",
    arguments: [
      (0, 1, "0"), (0, 4, "0000"), (0xa, 2, "0a"), (0xabc, 2, "abc"), (.max, 1, "ffffffffffffffff"), (1, 0, "1"),
    ] as [(UInt64, Int, StaticString)])
  func hexadecimal(_ value: UInt64, _ width: Int, _ digits: StaticString) {
    var text = Text()
    text.append(hexadecimal: value, width: width)
    #expect(text == Text(digits))
  }

  @Test("an interpolated literal is its pieces")
  func interpolates() {
    let name: StaticString = "disk"
    let other = Text(bytes: [120])
    #expect("\(name) \(other) \(7) \(hex: 0xbeef, width: 8) \(bytes: [33, 34])" as Text == "disk x 7 0000beef !\"")
  }

  @Test("texts are equal when their bytes are")
  func compares() {
    #expect(Text(bytes: [97]) == "a")
    #expect(Text(bytes: [97]) != "ab")
    #expect(Text() == "")
  }

  @Test("words are broken into lines behind the columns before them, and none is cut")
  func wraps() {
    let words = "one two three-and-a-half four"
    #expect(words.wrapped(to: nil, behind: 4) == words)
    #expect(words.wrapped(to: 12, behind: 4) == "one two\n    three-and-a-half\n    four")
    #expect(words.wrapped(to: 11, behind: 4) == "one two\n    three-and-a-half\n    four")
    #expect(words.wrapped(to: 10, behind: 4) == "one\n    two\n    three-and-a-half\n    four")
    #expect(words.wrapped(to: 4, behind: 4) == "one\n    two\n    three-and-a-half\n    four")
    #expect("".wrapped(to: 10, behind: 4) == "")
  }
}

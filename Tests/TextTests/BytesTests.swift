import Testing
import Text

/// To add one: a row of `names`, bytes; or of `shown`, with what a terminal and a line get of them.
@Suite("names and arguments as bytes")
struct BytesTests {
  static let names: [[UInt8]] = [
    [], Array("disk.img".utf8), Array("Größe \u{1f600}".utf8), [0xff], [0x61, 0xc3], [0xc3, 0x28], [0xe2, 0x82],
    [0xed, 0xa0, 0x80], [0xf4, 0x8f, 0xbe, 0x80], [0xf4, 0x8f, 0xbf, 0xbf, 0x41], [0xf8, 0x88, 0x80, 0x80, 0x80],
    [0x80, 0x0a, 0x1b, 0x5b], Array(0x80...0xff),
  ]

  @Test("come back as they were, whatever they are", arguments: names)
  func roundTrip(_ bytes: [UInt8]) {
    #expect(String(raw: bytes).raw == bytes)
    #expect(Text(String(raw: bytes)).bytes == bytes)
    #expect(String(Text(bytes: bytes)).raw == bytes)
  }

  @Test("come back as they were, for random ones")
  func random() {
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0...12)).map { _ in UInt8.random(in: Bool.random() ? 0x70...0xff : 0...0xff) }
      #expect(String(raw: bytes).raw == bytes)
    }
  }

  /// What a text is, and what a terminal gets of it: as text, and as one word of a line.
  static let shown: [(bytes: [UInt8], text: String, word: String)] = [
    (Array("a b\n\tc\\d".utf8), "a b\n\tc\\d", "a b\\x0a\\x09c\\x5cd"),
    (Array("\u{1b}[31mred\u{7}".utf8), "\\x1b[31mred\\x07", "\\x1b[31mred\\x07"),
    (Array("a\r\nb".utf8), "a\\x0d\nb", "a\\x0d\\x0ab"),
    // The right-to-left override, an isolate, a zero-width space, a line separator, C1's CSI, a tag, private use.
    (
      Array("a\u{202e}b\u{2066}\u{200b}".utf8), "a\\xe2\\x80\\xaeb\\xe2\\x81\\xa6\\xe2\\x80\\x8b",
      "a\\xe2\\x80\\xaeb\\xe2\\x81\\xa6\\xe2\\x80\\x8b"
    ),
    (Array("\u{2028}\u{9b}".utf8), "\\xe2\\x80\\xa8\\xc2\\x9b", "\\xe2\\x80\\xa8\\xc2\\x9b"),
    (Array("\u{e0041}\u{e000}".utf8), "\\xf3\\xa0\\x81\\x81\\xee\\x80\\x80", "\\xf3\\xa0\\x81\\x81\\xee\\x80\\x80"),
    ([0x61, 0x9b, 0xff], "a\\x9b\\xff", "a\\x9b\\xff"),
    (Array("Größe".utf8), "Größe", "Größe"),
  ]

  @Test("reach no terminal as something that it obeys", arguments: shown)
  func terminal(_ row: (bytes: [UInt8], text: String, word: String)) {
    let string = String(raw: row.bytes)
    #expect(string.obeyedByNoTerminal == row.text)
    #expect(string.shown == row.word)
    #expect(row.word.obeyedByNoTerminal == row.word)
  }
}

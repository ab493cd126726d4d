import Host
import Testing
import Text

/// To add one: a row of `vectors`: the message, how often it is repeated, and its digest.
@Suite("SHA-256")
struct DigestTests {
  private func digest(_ bytes: [UInt8]) -> Digest { Digest(of: bytes) }

  /// FIPS 180-4's examples and the empty message.
  static let vectors: [(String, Int, StaticString)] = [
    ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
  ]

  @Test("known messages have their known digests", arguments: vectors)
  func known(_ message: String, _ count: Int, _ expected: StaticString) {
    let bytes = Array(String(repeating: message, count: count).utf8)
    #expect(digest(bytes).text == Text(expected))
  }

  @Test("a digest is read from 64 hexadecimal digits of either case, and from nothing else")
  func reads() {
    let lower = digest([]).text.bytes
    let upper = lower.map { $0 >= 97 ? $0 - 32 : $0 }
    #expect(Digest(hexadecimal: lower) == digest([]) && Digest(hexadecimal: upper) == digest([]))
    #expect(Digest(hexadecimal: lower) != digest([0]))
    for wrong in [[], Array(lower.dropLast()), lower + [48], lower.dropLast() + [103], lower.dropLast() + [47]] {
      #expect(Digest(hexadecimal: wrong) == nil)
    }
  }
}

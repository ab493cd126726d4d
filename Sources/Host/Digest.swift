import CDigest
package import Text

/// A SHA-256 digest (FIPS 180-4).
package struct Digest: Equatable, Sendable {
  /// The 32 bytes.
  package let bytes: [UInt8]

  /// Digests bytes that stay unchanged meanwhile.
  package init(of data: RawSpan) {
    var builder = Builder()
    builder.add(data)
    self = builder.digest()
  }

  /// Digests the bytes of an array.
  package init(of data: [UInt8]) {
    // SAFETY: the bytes of a span of integers are initialised.
    unsafe self.init(of: data.span.bytes)
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  /// A digest in the making, of bytes that come in pieces.
  package struct Builder {
    private var context = SHA2_CTX()

    package init() { unsafe SHA256Init(&context) }

    /// Adds bytes that stay unchanged meanwhile.
    package mutating func add(_ data: RawSpan) {
      unsafe data.withUnsafeBytes { bytes in
        // SAFETY: the buffer is the span's, which lives through the call.
        unsafe SHA256Update(&context, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
      }
    }

    /// The digest of all that was added.
    package consuming func digest() -> Digest {
      var context = context
      return Digest(
        bytes: unsafe Array(unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { buffer, count in
          // SAFETY: the buffer has room for the 32 bytes that are written.
          unsafe SHA256Final(buffer.baseAddress, &context)
          count = Int(SHA256_DIGEST_LENGTH)
        })
    }
  }

  /// Reads 64 hexadecimal digits of either case; nil for anything else.
  package init?(hexadecimal text: [UInt8]) {
    guard text.count == 64 else { return nil }
    var bytes: [UInt8] = []
    for index in 0..<32 {
      guard let high = text[2 * index].hexadecimalDigit, let low = text[2 * index + 1].hexadecimalDigit
      else { return nil }
      bytes.append(high << 4 | low)
    }
    self.bytes = bytes
  }

  /// The digest in 64 lower-case hexadecimal digits.
  package var text: Text {
    var text = Text()
    for byte in bytes { text.append(hexadecimal: UInt64(byte), width: 2) }
    return text
  }
}

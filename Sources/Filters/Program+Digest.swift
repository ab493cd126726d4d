import Host
package import Policy
import Text

extension Program {
  /// The SHA-256 digest of the program's bytes, in hexadecimal digits.
  package var digest: String {
    let bytes = bytes
    // SAFETY: the bytes of a span of integers are initialised.
    return unsafe String(Digest(of: bytes.span.bytes).text)
  }
}

import Host
package import Policy
import Text

extension Program {
  /// The SHA-256 digest of the program's bytes, in hexadecimal digits.
  package var digest: String { String(Digest(of: bytes).text) }
}

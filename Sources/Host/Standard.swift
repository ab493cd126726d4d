package import Text

/// Standard error before the seal.
package enum Standard {
  /// Writes each line of a message after the program's name; what standard error doesn't take is lost.
  package static func complain(_ program: Text, _ message: Text) {
    for line in message.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true) {
      say("\(program): \(bytes: Array(line))\n")
    }
  }

  /// Writes a text as it is.
  package static func say(_ text: Text) { try? Descriptor.write(text, to: 2) }
}

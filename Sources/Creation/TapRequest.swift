package import Text

/// A TAP that is to be made: `NAME[=ADDRESS/LENGTH][,bridge=B]`.
package struct TapRequest: Equatable, Sendable {
  /// The interface's name.
  package let name: String
  /// The host's address on it.
  package let address: InterfaceAddress?
  /// The bridge that it becomes a port of.
  package let bridge: String?

  /// Reads the value of `--create-tap`.
  ///
  /// - Throws: `Complaint` with what the option takes.
  package init(parsing words: String) throws(Complaint) {
    let parts = words.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let halves = parts[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let address = halves.count == 2 ? InterfaceAddress(parsing: halves[1]) : nil
    let bridge = parts.count == 2 && parts[1].hasPrefix("bridge=") ? String(parts[1].dropFirst(7)) : nil
    guard Self.isName(halves[0]), halves.count == 1 || address != nil,
      parts.count == 1 || bridge.map(Self.isName) == true
    else {
      throw Complaint(
        """
        run: --create-tap \(words.shown): takes NAME[=ADDRESS/LENGTH][,bridge=BRIDGE], names of 1 to 15 ASCII letters, \
        digits, dots, underscores and hyphens, as in --create-tap tap0=10.0.0.1/24
        """)
    }
    (name, self.address, self.bridge) = (halves[0], address, bridge)
  }

  /// Whether an interface may have the name; in others the kernel puts a number, or they mean something to a shell.
  private static func isName(_ word: String) -> Bool {
    1...15 ~= word.utf8.count && word != "." && word != ".."
      && word.utf8.allSatisfy { $0.isLetterOrDigit || "._-".utf8.contains($0) }
  }
}

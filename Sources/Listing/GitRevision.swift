import CLinux
import Glibc

/// A revision of the repository in the working directory.
struct GitRevision {
  private let name: String

  /// - Throws: `Complaint` for a name that git would take for something else.
  init(_ name: String) throws(Complaint) {
    guard Self.isPlain(name) else { throw Complaint("\(name): no name of a git revision") }
    self.name = name
  }

  private static func isPlain(_ text: String) -> Bool {
    !text.isEmpty && !text.hasPrefix("-")
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._/~^@-".contains($0)) }
  }

  /// The content of a reviewed listing at the revision.
  func listing(_ listing: String) throws(Complaint) -> [UInt8] {
    guard Self.isPlain(listing) else { throw Complaint("\(listing): no name of a listing") }
    let path = "security/filters/\(listing).json"
    // SAFETY: both names hold no character that means anything to a shell; the stream is closed below.
    guard let stream = unsafe popen("git show '\(name):\(path)' 2>/dev/null", "r") else {
      throw Complaint("git: cannot be started")
    }
    var bytes: [UInt8] = []
    while true {
      let byte = unsafe fgetc(stream)
      guard byte != EOF else { break }
      bytes.append(UInt8(truncatingIfNeeded: byte))
    }
    guard unsafe pclose(stream) == 0 else { throw Complaint("\(name):\(path): git has no such file") }
    return bytes
  }
}

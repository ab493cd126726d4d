package import Text

/// One line of `/proc/PID/mountinfo` (proc_pid_mountinfo(5)).
package struct Mount: Equatable, Sendable {
  /// The mount point, as seen from the process's root.
  ///
  /// The kernel escapes blanks.
  package let point: Text
  package let options: [Text]
  package let type: Text

  /// Reads a line, or nil where it isn't one.
  package init?(_ line: Text) {
    let words = line.words
    // Six words, any number of optional ones, a hyphen, three words.
    guard words.count >= 9, let hyphen = words[6...].firstIndex(of: "-"), hyphen + 1 < words.count else { return nil }
    point = words[4]
    options = words[5].fields(UInt8(ascii: ","))
    type = words[hyphen + 1]
  }

  /// All lines, nil where one of them doesn't parse.
  package static func all(_ text: Text) -> [Mount]? {
    let lines = text.lines
    let mounts = lines.compactMap { Mount($0) }
    return mounts.count == lines.count ? mounts : nil
  }
}

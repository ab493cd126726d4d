import Glibc

/// A command line that the shell runs.
enum Command {
  /// What it writes to standard output.
  static func output(_ command: String) -> String {
    guard let stream = unsafe popen(command, "r") else { return "" }
    var bytes: [UInt8] = []
    while true {
      let byte = unsafe fgetc(stream)
      guard byte != EOF else { break }
      bytes.append(UInt8(truncatingIfNeeded: byte))
    }
    _ = unsafe pclose(stream)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A word as a shell reads it back.
  static func quoted(_ word: String) -> String {
    "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}

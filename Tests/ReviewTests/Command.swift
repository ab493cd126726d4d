import Host

/// A command line that the shell runs.
enum Command {
  /// What it writes to standard output.
  static func output(_ command: String) -> String {
    guard let run = try? ChildProcess.run(["sh", "-c", command]) else { return "" }
    return String(decoding: run.output, as: UTF8.self)
  }

  /// A word as a shell reads it back.
  static func quoted(_ word: String) -> String {
    "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}

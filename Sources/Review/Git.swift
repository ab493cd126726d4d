import Host
import Text

/// The program git, for questions about the repository of a directory.
struct Git: Sendable {
  /// The directory that git starts in.
  ///
  /// Paths are relative to it.
  let directory: String

  /// What git says on standard output.
  ///
  /// - Throws: `Complaint` with git's own message if its status isn't 0, or if it can't be started.
  func output(_ arguments: [String]) throws(Complaint) -> [UInt8] {
    let words = ["git", "-C", directory] + arguments
    let (end, output, complaint): (ChildProcess.End, [UInt8], [UInt8])
    do throws(SystemError) {
      (end, output, complaint) = try ChildProcess.run(words)
    } catch {
      throw Complaint("git: cannot be run: \(String(error.message))")
    }
    guard end.status == 0 else {
      let first = String(decoding: complaint, as: UTF8.self).prefix { $0 != "\n" }
      let reason = first.isEmpty ? "status \(end.status ?? 128 + end.signal)" : "\(first)"
      throw Complaint("\(words.joined(separator: " ")): \(reason)")
    }
    return output
  }

  /// The same in lines, without those that are empty.
  func lines(_ arguments: [String]) throws(Complaint) -> [String] {
    String(decoding: try output(arguments), as: UTF8.self).split(separator: "\n").map(String.init)
  }
}

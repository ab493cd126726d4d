import CLinux
import Host
import Text

/// The program git, asked about the repository that a directory is in.
struct Git: Sendable {
  /// Where it is started; paths that it is given count from there.
  let directory: String

  /// What came of one start.
  private struct Answer {
    /// The exit status, or 128 and more for a signal.
    let status: Int32
    let output: [UInt8]
    /// The first line on standard error.
    let complaint: String
  }

  /// What git says on standard output.
  ///
  /// - Throws: `Complaint` with git's own word where it has another status than 0, or can't be started.
  func output(_ arguments: [String]) throws(Complaint) -> [UInt8] {
    let answer = try run(arguments)
    guard answer.status == 0 else {
      let reason = answer.complaint.isEmpty ? "status \(answer.status)" : answer.complaint
      throw Complaint("git -C \(directory) \(arguments.joined(separator: " ")): \(reason)")
    }
    return answer.output
  }

  /// The same in lines, without those that are empty.
  func lines(_ arguments: [String]) throws(Complaint) -> [String] {
    String(decoding: try output(arguments), as: UTF8.self).split(separator: "\n").map(String.init)
  }

  private func run(_ arguments: [String]) throws(Complaint) -> Answer {
    do throws(SystemError) {
      // Both streams go to files in memory, so that neither can fill while the other is read.
      let output = try Files.unnamed("git", isInherited: false)
      let complaint = try Files.unnamed("git", isInherited: false)
      let end = try ChildProcess.spawn(
        ["git", "-C", directory] + arguments, searches: true, [(output.raw, 1), (complaint.raw, 2)]
      ).wait()
      let first = String(decoding: try Self.content(complaint), as: UTF8.self).prefix { $0 != "\n" }
      return Answer(
        status: end.status ?? 128 + end.signal, output: try Self.content(output), complaint: String(first))
    } catch {
      throw Complaint("git: cannot be run: \(String(error.message))")
    }
  }

  /// All that was written to a file, from whatever place.
  private static func content(_ file: borrowing Descriptor) throws(SystemError) -> [UInt8] {
    try Kernel.call(.lseek, Int(file.raw), 0, Int(SEEK_SET))
    guard let bytes = try Files.readAll(file) else { throw SystemError(call: "read", code: EFBIG) }
    return bytes
  }
}

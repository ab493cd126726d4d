import CLinux
import Glibc
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
    // Both streams go to files in memory, so that neither can fill while the other is read.
    let output = try Self.memory()
    let complaint = try Self.memory()
    let words = ["git", "-C", directory] + arguments
    var pointers = unsafe words.map { unsafe strdup($0) }
    unsafe pointers.append(nil)
    // SAFETY: they came from strdup, and nobody keeps them.
    defer { for index in unsafe pointers.indices { unsafe free(pointers[index]) } }
    var actions = unsafe posix_spawn_file_actions_t()
    var process: pid_t = 0
    var status: Int32 = 0
    // SAFETY: the structure is initialised before it is used and destroyed after; the words are terminated strings with
    // a null behind them.
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output.raw, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, complaint.raw, 2)
    let code = unsafe posix_spawnp(&process, "git", &actions, nil, &pointers, environ)
    guard code == 0 else { throw Complaint("git: cannot be started: \(String(SystemError.reason(of: code)))") }
    while unsafe waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { throw Complaint("git: \(String(SystemError.reason(of: errno)))") }
    }
    let first = String(decoding: try Self.content(complaint), as: UTF8.self).prefix { $0 != "\n" }
    return Answer(
      status: status & 0x7f == 0 ? status >> 8 & 0xff : 128 + (status & 0x7f), output: try Self.content(output),
      complaint: String(first))
  }

  private static let name: StaticString = "git"

  /// A file without a name.
  private static func memory() throws(Complaint) -> Descriptor {
    do throws(SystemError) {
      // SAFETY: the literal ends in a zero byte.
      let address = unsafe Int(bitPattern: name.utf8Start)
      let closeOnExec = 1
      let number = try Kernel.call(SystemCall("memfd_create", Int32(SYS_memfd_create)), address, closeOnExec)
      return Descriptor(owning: Int32(number))
    } catch {
      throw Complaint("memfd_create: \(String(error.reason))")
    }
  }

  private static func content(_ file: borrowing Descriptor) throws(Complaint) -> [UInt8] {
    try Files.read("/proc/self/fd/\(file.raw)")
  }
}

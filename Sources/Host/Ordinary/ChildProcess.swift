import CLinux
import Glibc
package import Text

/// A child of this process: the one place where processes are made, started and waited for.
package struct ChildProcess: Sendable {
  /// The process id.
  package let id: Int32

  /// How a child ended (wait(2)).
  package struct End: Equatable, Sendable {
    /// The word that the kernel gives.
    package let word: Int32

    package init(word: Int32) { self.word = word }

    /// The exit status; nil where a signal ended the child.
    package var status: Int32? { signal == 0 ? word >> 8 & 0xff : nil }
    /// The signal that ended the child; 0 where it ended by itself.
    package var signal: Int32 { word & 0x7f }
  }

  /// Makes a child that goes on from here, with this thread alone.
  ///
  /// - Parameters:
  ///   - flags: new namespaces (clone(2)).
  ///   - signal: the signal that this process gets when the child ends; with 0, only a wait for this very child sees
  ///     its end.
  /// - Returns: the child, or nil in the child.
  /// - Throws: what the kernel said when it refused.
  package static func fork(_ flags: Int32 = 0, signal: Int32 = SIGCHLD) throws(SystemError) -> ChildProcess? {
    let id = clinux_fork(Int(flags | signal))
    guard id >= 0 else { throw SystemError(call: "clone", code: Int32(-id)) }
    return id == 0 ? nil : ChildProcess(id: Int32(id))
  }

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - words: the program and its arguments.
  ///   - searches: whether to look for a name without a slash as a shell does, and to hand on the environment; else the
  ///     program gets no environment.
  ///   - moved: which descriptors of this process become which of the program's. The program gets no others, except
  ///     those that aren't close-on-exec, and 0 and 1: these are `/dev/null` if nothing is moved there.
  /// - Returns: the child that has become the program.
  /// - Throws: why it can't be started.
  package static func spawn(
    _ words: [String], searches: Bool, _ moved: [(from: Int32, to: Int32)]
  ) throws(SystemError) -> ChildProcess {
    var process: pid_t = 0
    var actions = unsafe posix_spawn_file_actions_t()
    var pointers = unsafe words.map { unsafe $0.withRawCString { unsafe strdup($0) } }
    // SAFETY: they came from strdup, and nobody keeps them.
    defer { unsafe pointers.forEach { unsafe free($0) } }
    unsafe pointers.append(nil)
    var nothing: [UnsafeMutablePointer<CChar>?] = unsafe [nil]
    // SAFETY: the actions are initialised before they are used and destroyed after; the words are terminated strings
    // with a null behind them, and outlive the call.
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    for (from, to) in moved { unsafe posix_spawn_file_actions_adddup2(&actions, from, to) }
    let name = unsafe pointers[0].unsafelyUnwrapped
    let code =
      if searches {
        unsafe posix_spawnp(&process, name, &actions, nil, &pointers, environ)
      } else {
        unsafe posix_spawn(&process, name, &actions, nil, &pointers, &nothing)
      }
    guard code == 0 else { throw SystemError(call: "posix_spawn", code: code) }
    return ChildProcess(id: process)
  }

  /// Runs a program to its end; a name without a slash is looked for as a shell does.
  ///
  /// - Parameter words: the program and its arguments.
  /// - Returns: how the program ended, and what it wrote to standard output and to standard error.
  /// - Throws: why it can't be run, or `EFBIG` if it wrote more than `Files` reads of any input.
  package static func run(
    _ words: [String]
  ) throws(SystemError) -> (end: End, output: [UInt8], complaint: [UInt8]) {
    // Both streams go to files in memory, so that neither can fill while the other is read.
    let output = try Files.unnamed("output", isInherited: false)
    let complaint = try Files.unnamed("output", isInherited: false)
    let end = try spawn(words, searches: true, [(output.raw, 1), (complaint.raw, 2)]).wait()
    return (end, try content(output), try content(complaint))
  }

  /// All that was written to a file, from whatever place.
  private static func content(_ file: borrowing Descriptor) throws(SystemError) -> [UInt8] {
    try Kernel.call(.lseek, Int(file.raw), 0, Int(SEEK_SET))
    guard let bytes = try Files.readAll(file) else { throw SystemError(call: "read", code: EFBIG) }
    return bytes
  }

  /// Executes a program in this process's place.
  ///
  /// - Returns: why it can't be done.
  package static func execute(_ path: String, _ words: [String]) -> SystemError {
    var pointers = unsafe words.map { unsafe $0.withRawCString { unsafe strdup($0) } }
    unsafe pointers.append(nil)
    // SAFETY: terminated strings and a null behind them; the process is replaced or its memory freed at exit.
    return unsafe path.withRawCString {
      _ = unsafe execv($0, &pointers)
      return SystemError(call: "execve", code: errno)
    }
  }

  /// Waits until the child has ended, all of its threads included.
  @discardableResult
  package func wait() throws(SystemError) -> End {
    var word: Int32 = 0
    try unsafe withUnsafeMutablePointer(to: &word) { (word) throws(SystemError) in
      // SAFETY: the kernel writes the four bytes during the call.
      _ = try Kernel.call(.wait4, Int(id), Int(bitPattern: word), Int(CLINUX_WALL), 0)
    }
    return End(word: word)
  }

  /// Whether the child has ended, without waiting for it; one that has ended is reaped.
  package func isGone() -> Bool { Kernel.raw(.wait4, Int(id), 0, Int(WNOHANG | CLINUX_WALL), 0) != 0 }
}

extension ChildProcess {
  /// How many seconds a child may take that is listened to, well above what any needs in an emulated machine.
  private static let limit: UInt32 = 60

  /// Whether a child may have a deadline: an outer filter can kill who asks for one.
  private static let isLimited = survives { alarm(0) }

  /// Tries in a child whether this process outlives what it is about to do.
  ///
  /// - Parameter body: what an outer filter might end this process for.
  /// - Returns: false where the child was ended by the signal of a filter.
  package static func survives(_ body: () -> Void) -> Bool {
    do throws(SystemError) {
      guard let child = try fork() else {
        body()
        Process.exit(0)
      }
      return try child.wait().signal != SIGSYS
    } catch {
      return true
    }
  }

  /// Lets a child do what can't be undone, and reads what it writes to standard error.
  ///
  /// - Parameter body: what the child does, which ends in it.
  /// - Returns: what the child wrote and how it ended.
  /// - Throws: why there can be no child.
  package static func listen(_ body: () -> Never) throws(SystemError) -> (text: Text, end: End) {
    let pipe = try Pipe()
    let isLimited = isLimited
    guard let child = try fork() else {
      if isLimited { alarm(limit) }
      _ = Kernel.raw(.dup3, Int(pipe.input.raw), 2, 0)
      body()
    }
    let reading = pipe.closingInput()
    let bytes = (try? Files.readAll(reading)) ?? nil
    return (Text(bytes: bytes ?? []), try child.wait())
  }
}

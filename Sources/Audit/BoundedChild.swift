import CLinux
import Glibc
import Host
import Procfs
import Text

/// A child that asks the kernel a question which may never be answered, because a file system decides when it answers.
///
/// A process that waits for such a file system may be impossible to kill. So the child has nothing of this program's
/// open but the pipe for its answers, and this program doesn't wait long for its end.
enum BoundedChild {
  /// How long the child may wait for the answers to all its questions, in milliseconds.
  static let patience: UInt64 = 2000

  /// The child's answer about one thing.
  struct Piece {
    /// The number of the thing.
    let tag: Int
    /// An error number, 0 for none.
    let error: Int32
    let bytes: [UInt8]
  }

  /// All answers of a child.
  struct Answer {
    let pieces: [Piece]
    /// Whether the child got to its end before the time was over.
    let isWhole: Bool
  }

  /// The pipe that the child writes to, and the buffer that it reads into.
  ///
  /// The child may allocate nothing: in it, another thread of this program may hold the allocator's lock for ever.
  struct Output {
    fileprivate let descriptor: Int
    /// The address of the buffer that the kernel writes to.
    let buffer: Int
    static let room = 1 << 16

    /// Hands a piece to the parent: a number of bytes from the buffer, or a negative error number.
    func say(_ tag: Int, _ result: Int) {
      var head = (tag, result)
      unsafe withUnsafeMutableBytes(of: &head) { write(Int(bitPattern: $0.baseAddress), $0.count) }
      if result > 0 { write(buffer, result) }
    }

    private func write(_ bytes: Int, _ count: Int) {
      var done = 0
      while done < count {
        let result = Kernel.raw(.write, descriptor, bytes + done, count - done)
        if result <= 0 { Process.exit(1) }
        done += result
      }
    }
  }

  /// How often a child is made anew that is stuck in this program's own locks.
  private static let tries = 20

  /// Runs something in a child.
  ///
  /// - Parameters:
  ///   - kept: a descriptor that the child needs, or nil.
  ///   - patience: how long the child may wait, in milliseconds. What it computes doesn't count.
  ///   - body: what it does, by system calls alone.
  /// - Returns: the child's answer; nil if no child can be made.
  static func run(
    keeping kept: Int32? = nil, patience: UInt64 = patience, _ body: (Output) -> Void
  ) -> Answer? {
    for _ in 0..<tries {
      switch once(keeping: kept, patience, body) {
      case .answered(let answer): return answer
      case .noChild: return nil
      case .stuck: continue
      }
    }
    return nil
  }

  private enum Turn {
    case answered(Answer)
    case noChild
    /// It waits for a lock that another thread of this program held when the child was made, and that nobody gives back
    /// in the child. A question to the kernel takes no such lock.
    case stuck
  }

  private static func once(keeping kept: Int32?, _ patience: UInt64, _ body: (Output) -> Void) -> Turn {
    guard let pipe = try? Pipe() else { return .noChild }
    let end = pipe.input.raw
    let (output, low, high) = (Int(end), Int(min(end, kept ?? end)), Int(max(end, kept ?? end)))
    var buffer = [UInt8](repeating: 0, count: Output.room)
    let child: ChildProcess? = unsafe buffer.withUnsafeMutableBytes { buffer in
      // SAFETY: the array lives until the child has been made; in the child, it is the child's own copy.
      let output = Output(descriptor: output, buffer: Int(bitPattern: buffer.baseAddress))
      // Without a signal at its end: who waits for any child of this program's isn't told of this one.
      do throws(SystemError) { if let child = try ChildProcess.fork(signal: 0) { return child } } catch { return nil }
      _ = Kernel.raw(.prctl, Int(PR_SET_PDEATHSIG), Int(SIGKILL))
      // Else whoever reads what this program prints would wait for the child.
      if low > 0 { _ = Kernel.raw(.closeRange, 0, low - 1) }
      if high > low + 1 { _ = Kernel.raw(.closeRange, low + 1, high - 1) }
      _ = Kernel.raw(.closeRange, high + 1, Int(UInt32.max))
      body(output)
      output.say(-1, 0)
      Process.exit(0)
    }
    guard let child else { return .noChild }
    let answer = collect(pipe.closingInput(), of: child, Patience(milliseconds: patience))
    let isStuck = !answer.isWhole && isInLock(child)
    _ = kill(child.id, SIGKILL)
    // One that has said all only has to get the processor; one that can't be killed is left to itself.
    var last = Patience(milliseconds: answer.isWhole ? patience : 10)
    while !child.isGone(), !last.isOver(for: child.id) { usleep(200) }
    return isStuck ? .stuck : .answered(answer)
  }

  /// Whether a child waits for a lock in memory: it is in futex(2) (`/proc/PID/syscall`, proc(5)).
  private static func isInLock(_ child: ChildProcess) -> Bool {
    guard let bytes = try? Files.read("/proc/\(child.id)/syscall") else { return false }
    return Text(bytes: bytes).words.first?.number(radix: UInt64(10)) == UInt64(SYS_futex)
  }

  private static func collect(
    _ input: borrowing Descriptor, of child: ChildProcess, _ given: Patience
  ) -> Answer {
    var patience = given
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      var wanted = pollfd(fd: input.raw, events: Int16(POLLIN), revents: 0)
      // SAFETY: the C library reads and writes one structure, and below at most the buffer's length.
      let ready = unsafe poll(&wanted, 1, Int32(Patience.slice / 1_000_000))
      guard !patience.isOver(for: ready == 0 ? child.id : nil), ready != 0 || !isInLock(child) else { break }
      if ready == 0 || (ready < 0 && errno == EINTR) { continue }
      guard ready == 1 else { break }
      let count = unsafe Glibc.read(input.raw, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      bytes += piece[..<count]
      if isEnd(bytes) { break }
      if bytes.count > 1 << 27 { break }
    }
    return parse(bytes)
  }

  private static let end: [UInt8] = [UInt8](repeating: 0xff, count: 8) + [UInt8](repeating: 0, count: 8)

  /// Whether the last piece seems to be the end.
  ///
  /// A file's content may look like it; then one more poll is needed.
  private static func isEnd(_ bytes: [UInt8]) -> Bool {
    bytes.suffix(16).elementsEqual(end) && parse(bytes).isWhole
  }

  private static func parse(_ bytes: [UInt8]) -> Answer {
    func word(_ start: Int) -> Int {
      Int(truncatingIfNeeded: (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) })
    }
    var pieces: [Piece] = []
    var start = 0
    while start + 16 <= bytes.count {
      let (tag, result) = (word(start), word(start + 8))
      start += 16
      if tag == -1 { return Answer(pieces: pieces, isWhole: true) }
      guard result >= 0 else {
        pieces.append(Piece(tag: tag, error: Int32(truncatingIfNeeded: -result), bytes: []))
        continue
      }
      guard start + result <= bytes.count else { break }
      pieces.append(Piece(tag: tag, error: 0, bytes: Array(bytes[start..<(start + result)])))
      start += result
    }
    return Answer(pieces: pieces, isWhole: false)
  }
}

extension BoundedChild {
  /// A file's content, or why it can't be read.
  ///
  /// - Returns: the bytes, or an error number. It is `ETIMEDOUT` if nothing answered in time.
  static func read(_ path: Text) -> (bytes: [UInt8], error: Int32) {
    ask(path, flags: Int(O_RDONLY | O_CLOEXEC | O_NONBLOCK)) { file, output in
      Kernel.raw(.read, file, output.buffer, Output.room)
    }
  }

  /// The number of entries at the beginning of a directory.
  ///
  /// - Returns: how many entries its first part has besides `.` and `..`, or an error number.
  static func entries(_ path: Text) -> (count: Int, error: Int32) {
    let answer = ask(path, flags: Int(O_RDONLY | O_CLOEXEC | O_DIRECTORY | O_NONBLOCK)) { file, output in
      Kernel.raw(getDirectoryEntries, file, output.buffer, Output.room)
    }
    var (count, start) = (0, 0)
    // `struct linux_dirent64` (getdents(2)): its length at 16, its name from 19 on.
    while start + 20 < answer.bytes.count {
      let length = Int(answer.bytes[start + 16]) | Int(answer.bytes[start + 17]) << 8
      guard length > 19, start + length <= answer.bytes.count else { break }
      let name = answer.bytes[(start + 19)..<(start + length)].prefix { $0 != 0 }
      if !name.elementsEqual(".".utf8), !name.elementsEqual("..".utf8) { count += 1 }
      start += length
    }
    return (count, answer.error)
  }

  private static let getDirectoryEntries = SystemCall("getdents64", Int32(SYS_getdents64))

  /// Opens a path, and reads pieces of it up to its end.
  private static func ask(
    _ path: Text, flags: Int, _ piece: (Int, Output) -> Int
  ) -> (bytes: [UInt8], error: Int32) {
    let terminated = path.bytes + [0]
    let answer = unsafe terminated.withUnsafeBytes { path in
      run { output in
        // SAFETY: the path ends in a zero byte, and the kernel writes at most the buffer's length.
        let file = Kernel.raw(.openat, Int(AT_FDCWD), Int(bitPattern: path.baseAddress), flags)
        if file < 0 { return output.say(0, file) }
        while true {
          let count = piece(file, output)
          output.say(0, count)
          if count <= 0 { return }
        }
      }
    }
    guard let answer else { return ([], EAGAIN) }
    if let error = answer.pieces.first(where: { $0.error != 0 })?.error { return ([], error) }
    return (answer.pieces.flatMap(\.bytes), answer.isWhole ? 0 : ETIMEDOUT)
  }
}

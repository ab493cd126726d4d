import CLinux
import Glibc
import Host

/// Work in a thread of its own, with a time limit.
///
/// The kernel ends the tracing of whatever the thread still traces when the thread ends.
enum OwnThread {
  private final class Work: Sendable {
    let body: @Sendable () -> Void
    let end: Int32
    init(_ end: Int32, _ body: @escaping @Sendable () -> Void) { (self.end, self.body) = (end, body) }
  }

  /// What became of the work.
  enum Ending {
    case done
    /// The time is over.
    ///
    /// The thread goes on by itself, and ends with the program at the latest.
    case late
    /// There can be no thread.
    case none
  }

  /// Does something in a thread of its own.
  ///
  /// - Parameters:
  ///   - milliseconds: how long it may take.
  ///   - answerer: the task that it waits for, or nil.
  ///   - body: what to do.
  /// - Returns: whether it is done.
  static func run(
    patience milliseconds: UInt64, for answerer: Int32? = nil, _ body: @escaping @Sendable () -> Void
  ) -> Ending {
    guard let pipe = try? Pipe() else { return .none }
    // A copy is the thread's to close, however long it takes.
    let input = fcntl(pipe.input.raw, CLINUX_F_DUPFD_CLOEXEC, 0)
    guard input >= 0 else { return .none }
    let output = pipe.closingInput()
    var thread = pthread_t()
    // SAFETY: the thread takes over the one reference that is made here; where there is no thread it is given back.
    let work = unsafe Unmanaged.passRetained(Work(input, body))
    let result = unsafe pthread_create(
      &thread, nil,
      { argument in
        if let argument = unsafe argument {
          let work = unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
          work.body()
          // A byte, and not the pipe's end: another process may have a copy of it.
          // SAFETY: the kernel reads one byte of a variable.
          var byte: UInt8 = 0
          _ = unsafe write(work.end, &byte, 1)
          _ = close(work.end)
        }
        return nil
      }, work.toOpaque())
    guard result == 0 else {
      _ = close(input)
      unsafe work.release()
      return .none
    }
    var patience = Patience(milliseconds: milliseconds)
    var wanted = pollfd(fd: output.raw, events: Int16(POLLIN), revents: 0)
    // SAFETY: the C library reads and writes one structure.
    while unsafe poll(&wanted, 1, Int32(Patience.slice / 1_000_000)) != 1 {
      guard !patience.isOver(for: answerer) else {
        _ = pthread_detach(thread)
        return .late
      }
    }
    return pthread_join(thread, nil) == 0 ? .done : .late
  }
}

import CLinux
import Glibc

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
  ///   - patience: how long it may take, in milliseconds.
  ///   - body: what to do.
  /// - Returns: whether it is done.
  static func run(patience: Int32, _ body: @escaping @Sendable () -> Void) -> Ending {
    var thread = pthread_t()
    var ends: [Int32] = [0, 0]
    // SAFETY: the kernel writes the two descriptors into variables of their type.
    guard unsafe pipe(&ends) == 0 else { return .none }
    defer { _ = close(ends[0]) }
    // SAFETY: the thread takes over the one reference that is made here; where there is no thread it is given back.
    let work = unsafe Unmanaged.passRetained(Work(ends[1], body))
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
      _ = close(ends[1])
      unsafe work.release()
      return .none
    }
    var wanted = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
    var ready: Int32 = -1
    // SAFETY: the C library reads and writes one structure.
    repeat { ready = unsafe poll(&wanted, 1, patience) } while ready < 0 && errno == EINTR
    guard ready == 1 else {
      _ = pthread_detach(thread)
      return .late
    }
    return pthread_join(thread, nil) == 0 ? .done : .late
  }
}

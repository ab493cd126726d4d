import CLinux
import Glibc

/// Work in a thread that ends with it.
///
/// What it traces and couldn't let go of, the kernel lets go of when the thread ends.
enum OwnThread {
  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Does something in a thread of its own, and returns when that has ended; says whether there could be one.
  static func run(_ body: @escaping @Sendable () -> Void) -> Bool {
    var thread = pthread_t()
    // SAFETY: the thread takes over the one reference that is made here; where there is no thread it is given back.
    let work = unsafe Unmanaged.passRetained(Work(body))
    let result = unsafe pthread_create(
      &thread, nil,
      { argument in
        if let argument = unsafe argument { unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, work.toOpaque())
    guard result == 0 else {
      unsafe work.release()
      return false
    }
    return pthread_join(thread, nil) == 0
  }
}

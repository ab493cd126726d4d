import CLinux
import Glibc
import Host

/// A process by a descriptor, which refers to it even when another process gets its number.
final class ProcessHandle: Sendable {
  let descriptor: Int32

  /// - Throws: what the kernel said, `ESRCH` where there is no such process.
  init(_ process: Int32) throws(SystemError) {
    descriptor = Int32(try Kernel.call(SystemCall("pidfd_open", Int32(SYS_pidfd_open)), Int(process), 0))
  }

  deinit { _ = close(descriptor) }

  /// Whether the last of its threads has ended.
  var hasEnded: Bool {
    var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // SAFETY: the C library reads and writes one structure, during the call.
    return unsafe poll(&wanted, 1, 0) != 0
  }
}

import Glibc
import Host
import Listing

/// A child that waits for the tender's receipt at the end of a pipe and tells what it says.
enum SealWatcher {
  /// Starts it.
  ///
  /// - Returns: The descriptor that the tender is to write its receipt to.
  static func start() throws(Complaint) -> Int32 {
    var ends: [Int32] = [0, 0]
    // SAFETY: the kernel writes the two descriptors.
    guard unsafe pipe(&ends) == 0 else { throw Complaint("pipe: \(String(SystemError.reason(of: errno)))") }
    let child = Kernel.raw(.clone, Int(SIGCHLD))
    guard child >= 0 else { throw Complaint("clone: \(String(SystemError.reason(of: Int32(-child))))") }
    guard child == 0 else {
      _ = close(ends[0])
      return ends[1]
    }
    // The child tells on standard error, for standard output is the guest's. Nothing of this program's own threads or locks is needed for the one call that is left.
    _ = close(ends[1])
    _ = dup2(2, 1)
    _ = Program.execute("/proc/self/exe", ["brig", "receipt", "/proc/self/fd/\(ends[0])"])
    Process.exit(127)
  }
}

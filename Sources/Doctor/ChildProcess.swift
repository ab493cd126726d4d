import CLinux
import Glibc
import Host
import Listing
import Text

/// A child that does what can't be undone, and says on standard error what came of it.
enum ChildProcess {
  /// How a child ended and what it said.
  struct End: Equatable {
    let text: Text
    /// Nil where it was ended by a signal.
    let status: Int32?
    /// 0 where it ended by itself.
    let signal: Int32
  }

  /// How many seconds a child may take, well above what it needs in an emulated machine.
  private static let limit: UInt32 = 60

  /// Whether a child may have a deadline: an outer filter can kill who asks for one.
  private static let isLimited = survives { alarm(0) }

  /// Tries in a child whether this process outlives what it is about to do.
  ///
  /// - Parameter body: what an outer filter might end this process for.
  /// - Returns: false where the child was ended by the signal of a filter.
  static func survives(_ body: () -> Void) -> Bool {
    let child = Kernel.raw(.clone, Int(SIGCHLD))
    if child == 0 {
      body()
      Process.exit(0)
    }
    guard child > 0 else { return true }
    return wait(for: child) & 0x7f != SIGSYS
  }

  /// Waits for a child.
  private static func wait(for child: Int) -> Int32 {
    var status: Int32 = 0
    // SAFETY: the kernel writes the status into a variable of its type.
    while unsafe waitpid(Int32(child), &status, 0) < 0, errno == EINTR { continue }
    return status
  }

  /// Runs a function in a child of one thread, which ends in it.
  ///
  /// - Parameter body: what the child does.
  /// - Returns: what the child said and how it ended, or nil where there can be no child.
  static func run(_ body: () -> Never) -> End? {
    var ends: [Int32] = [0, 0]
    // SAFETY: the kernel writes the two descriptors into a variable of their type.
    guard unsafe pipe(&ends) == 0 else { return nil }
    let isLimited = isLimited
    let child = Kernel.raw(.clone, Int(SIGCHLD))
    if child == 0 {
      if isLimited { alarm(limit) }
      _ = Kernel.raw(.dup3, Int(ends[1]), 2, 0)
      body()
    }
    _ = close(ends[1])
    let reading = Descriptor(owning: ends[0])
    guard child > 0 else { return nil }
    let bytes = (try? Files.readAll(reading)) ?? nil
    let status = wait(for: child)
    let signal = status & 0x7f
    return End(
      text: Text(bytes: bytes ?? []), status: signal == 0 ? status >> 8 & 0xff : nil, signal: signal
    )
  }
}

/// A task of a process: a thread of its own, or one that the kernel runs in it.
struct ProcessTask: Equatable, Sendable {
  let id: Int32
  /// Whether the kernel runs it, as KVM and io_uring have it do: it makes no system call.
  let isOfKernel: Bool

  /// `PF_IO_WORKER`, `PF_USER_WORKER` and `PF_KTHREAD` (`linux/sched.h`), which no process can give itself.
  private static let kernelFlags: UInt32 = 0x10 | 0x4000 | 0x20_0000

  /// Reads a line of `/proc/PID/task/TID/stat`, or nil where it isn't one.
  init?(_ id: Int32, stat: String) {
    // The name, which the process chooses, ends at the last parenthesis; the flags are the seventh word behind it.
    guard let end = stat.lastIndex(of: ")") else { return nil }
    let words = stat[end...].split(separator: " ")
    guard words.count > 7, let flags = UInt32(words[7]) else { return nil }
    self.id = id
    isOfKernel = flags & Self.kernelFlags != 0
  }
}

import CLinux
import Glibc
import Host
import Policy
import Text

/// Copies filters out of the kernel by `ptrace`.
enum FilterReader {
  /// `enum __ptrace_request` (`linux/ptrace.h`).
  private enum Ptrace {
    static let detach = 17
    static let seize = 0x4206
    static let interrupt = 0x4207
    static let getFilter = 0x420c
  }

  private static let ptrace = SystemCall("ptrace", Int32(SYS_ptrace))
  /// `__WALL` (`linux/wait.h`): threads too.
  private static let waitsForAll: Int32 = 0x4000_0000
  /// How long all threads together may take to stop, in milliseconds.
  private static let patience: UInt64 = 1000

  private final class Reading: @unchecked Sendable {
    var value = Result<[[Program]]?, Doubt>.failure(.unseen("a thread of the audit's own"))
  }

  /// The programs of each thread, in the order of their installation; nil if a thread ended meanwhile.
  static func programs(of tasks: [Int32]) throws(Doubt) -> [[Program]]? {
    let answer = Reading()
    // It, not the program, is the tracer: one that it can't let go of, because that doesn't stop, is let go of with it.
    // To become one takes as long as the process takes to execute a program, which it may have from a file system that
    // waits.
    let outcome = OwnThread.run(patience: 3000, for: tasks.first) {
      var patience = Patience(milliseconds: patience)
      // SAFETY: nobody looks at the answer before the thread has ended, nor at all where that takes too long.
      answer.value = Result { () throws(Doubt) in
        var all: [[Program]] = []
        for task in tasks {
          guard let programs = try programs(of: task, &patience) else { return nil }
          all.append(programs)
        }
        return all
      }
    }
    switch outcome {
    case .done: return try answer.value.get()
    case .late: throw .refuted("it can't be traced in time, as a process that executes a program without an end")
    case .none: throw .unseen("a thread of the audit's own")
    }
  }

  /// Stops a thread, copies its filters, and lets it go on.
  private static func programs(of task: Int32, _ patience: inout Patience) throws(Doubt) -> [Program]? {
    let seized = Kernel.raw(ptrace, Ptrace.seize, Int(task), 0, 0)
    if seized == -Int(ESRCH) { return nil }
    guard seized == 0 else {
      let reason = String(SystemError.reason(of: Int32(-seized)))
      let remedy = geteuid() == 0 ? "the right to trace it, which this root lacks" : "root"
      throw .unseen("\(remedy), and no debugger that has it (\(reason))")
    }
    _ = Kernel.raw(ptrace, Ptrace.interrupt, Int(task), 0, 0)
    guard let signal = try stop(task, &patience) else { return nil }
    // A signal that was on its way to the thread goes on.
    defer { _ = Kernel.raw(ptrace, Ptrace.detach, Int(task), 0, signal) }
    var programs: [Program] = []
    while true {
      let count = Kernel.raw(ptrace, Ptrace.getFilter, Int(task), programs.count, 0)
      // EINVAL is what a thread without any filter gets.
      if count == -Int(ENOENT) || (count == -Int(EINVAL) && programs.isEmpty) { return programs }
      guard count > 0, let program = program(task, programs.count, count) else {
        let reason = String(SystemError.reason(of: Int32(clamping: -count)))
        throw .unseen("root outside any container, on a kernel with CONFIG_CHECKPOINT_RESTORE (\(reason))")
      }
      programs.append(program)
    }
  }

  /// Waits until an interrupted thread has stopped.
  ///
  /// - Returns: the signal that it was about to get, or 0; nil if it ended.
  private static func stop(_ task: Int32, _ patience: inout Patience) throws(Doubt) -> Int? {
    var status: Int32 = 0
    var pause: UInt32 = 50
    while true {
      // SAFETY: the kernel writes the status into a variable of its type during the call.
      let waited = unsafe waitpid(task, &status, waitsForAll | WNOHANG)
      if waited == task, status & 0xff == 0x7f {
        // A stop without an event is the delivery of a signal (ptrace(2)).
        return status >> 16 == 0 ? Int(status >> 8 & 0xff) : 0
      }
      guard waited == 0 else { return nil }
      guard !patience.isOver(for: task) else {
        throw .refuted("thread \(task) can't be stopped, as one that waits for a child of vfork")
      }
      usleep(pause)
      pause = min(2 * pause, 5000)
    }
  }

  private static func program(_ task: Int32, _ index: Int, _ count: Int) -> Program? {
    var instructions = [Instruction](repeating: Instruction(code: 0), count: count)
    let copied = unsafe instructions.withUnsafeMutableBytes {
      // SAFETY: the kernel said that the program has `count` instructions, which the buffer has room for.
      Kernel.raw(ptrace, Ptrace.getFilter, Int(task), index, Int(bitPattern: $0.baseAddress))
    }
    return copied == count ? Program(instructions: instructions) : nil
  }
}

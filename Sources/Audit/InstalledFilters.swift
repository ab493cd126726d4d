import CLinux
import Glibc
import Host
import Listing
import Policy

/// The filters that the kernel has for a process, copied out of it by `ptrace`.
struct InstalledFilters: Sendable {
  /// The programs, the first installed first; empty where they can't be seen.
  let programs: [Program]
  /// Why they can't be seen, and what would be needed; nil where they can.
  let problem: String?

  /// `enum __ptrace_request` (`linux/ptrace.h`).
  private enum Request {
    static let detach = 17
    static let seize = 0x4206
    static let interrupt = 0x4207
    static let getFilter = 0x420c
  }

  private static let ptrace = SystemCall("ptrace", Int32(SYS_ptrace))

  /// Stops the process for as long as it takes to copy its filters, and lets it go on.
  init(of process: Int32) {
    let seized = Kernel.raw(Self.ptrace, Request.seize, Int(process), 0, 0)
    guard seized == 0 else {
      programs = []
      let reason = String(SystemError.reason(of: Int32(-seized)))
      problem = "the process can't be traced (\(reason)): be root, and let no debugger have it"
      return
    }
    defer { _ = Kernel.raw(Self.ptrace, Request.detach, Int(process), 0, 0) }
    _ = Kernel.raw(Self.ptrace, Request.interrupt, Int(process), 0, 0)
    var status: Int32 = 0
    // __WALL
    let waited = unsafe waitpid(process, &status, 0x4000_0000)
    guard waited == process, status & 0xff == 0x7f else {
      programs = []
      problem = "the process ended meanwhile"
      return
    }
    var programs: [Program] = []
    var problem: String?
    while programs.count < 64 {
      let count = Kernel.raw(Self.ptrace, Request.getFilter, Int(process), programs.count, 0)
      if count == -Int(ENOENT) { break }
      guard count > 0, let program = Self.program(process, programs.count, count) else {
        // EINVAL is what a process without any filter gets.
        if count != -Int(EINVAL) || (0..<1).contains(programs.count) == false {
          problem =
            "the kernel shows no filter (\(String(SystemError.reason(of: Int32(clamping: -count))))): be root outside any container, with CONFIG_CHECKPOINT_RESTORE"
        }
        break
      }
      programs.append(program)
    }
    self.programs = programs
    self.problem = problem
  }

  private static func program(_ process: Int32, _ index: Int, _ count: Int) -> Program? {
    var instructions = [Instruction](repeating: Instruction(code: 0), count: count)
    let copied = unsafe instructions.withUnsafeMutableBytes {
      // SAFETY: the kernel said that the program has `count` instructions, which the buffer has room for.
      Kernel.raw(ptrace, Request.getFilter, Int(process), index, Int(bitPattern: $0.baseAddress))
    }
    return copied == count ? Program(instructions: instructions) : nil
  }
}

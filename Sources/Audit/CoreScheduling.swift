import CLinux
import Host
import Procfs
import Text

/// Whether other processes may run on the same core at the same time.
enum CoreScheduling {
  static func answer(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    var cookies: [(error: Int32, cookie: UInt64)] = []
    for task in try evidence.tasks.get().own {
      var cookie: UInt64 = 0
      let result = unsafe withUnsafeMutablePointer(to: &cookie) {
        // SAFETY: the kernel writes the eight bytes during the call.
        Kernel.raw(.prctl, Int(PR_SCHED_CORE), Int(PR_SCHED_CORE_GET), Int(task.id), 0, Int(bitPattern: $0))
      }
      cookies.append((Int32(-min(result, 0)), cookie))
    }
    return try answer(cookies, sharing: Subject.text("/sys/devices/system/cpu/smt/active"))
  }

  /// The answer by what the kernel says of each task, and of the machine's cores.
  ///
  /// Where no core runs two threads at once, there is nobody to share a core with, whatever else the kernel says.
  static func answer(
    _ cookies: [(error: Int32, cookie: UInt64)], sharing active: Text?
  ) throws(Doubt) -> Detail {
    if !cookies.isEmpty, cookies.allSatisfy({ $0.error == 0 && $0.cookie != 0 }) { return "a cookie of its own" }
    if active?.trimmed == "0" { return "no core of this machine runs two threads at once" }
    for (error, cookie) in cookies {
      switch error {
      case 0 where cookie == 0: throw .refuted("no cookie: any process may share its core")
      case 0: continue
      case EINVAL, ENODEV: throw .refuted("this kernel has no core scheduling: any process may share its core")
      default: throw .unseen("the right to trace it (\(String(SystemError.reason(of: error))))")
      }
    }
    throw .unseen("a process that doesn't end meanwhile")
  }
}

import CLinux
import Host
import Procfs
import Text

/// Whether other processes may run on the same core at the same time.
enum CoreScheduling {
  static func answer(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    for task in try evidence.tasks.get().own {
      var cookie: UInt64 = 0
      let result = unsafe withUnsafeMutablePointer(to: &cookie) {
        // SAFETY: the kernel writes the eight bytes during the call.
        Kernel.raw(.prctl, Int(PR_SCHED_CORE), Int(PR_SCHED_CORE_GET), Int(task.id), 0, Int(bitPattern: $0))
      }
      switch -result {
      case 0:
        guard cookie != 0 else { throw .refuted("no cookie: any process may share its core") }
      case Int(EINVAL), Int(ENODEV):
        guard Subject.text("/sys/devices/system/cpu/smt/active")?.trimmed == "0" else {
          throw .refuted("this kernel has no core scheduling: any process may share its core")
        }
        return "no core of this machine runs two threads at once"
      default: throw .unseen("the right to trace it (\(String(SystemError.reason(of: Int32(-result)))))")
      }
    }
    return "a cookie of its own"
  }
}

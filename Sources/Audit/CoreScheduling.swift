import CLinux
import Host
import Listing
import Text

/// Whether other processes may run on the same core at the same time.
enum CoreScheduling {
  static func answer(_ subject: Subject) -> Check.Answer {
    var cookie: UInt64 = 0
    let result = unsafe withUnsafeMutablePointer(to: &cookie) {
      // SAFETY: the kernel writes the eight bytes during the call.
      Kernel.raw(
        .prctl, Int(PR_SCHED_CORE), Int(PR_SCHED_CORE_GET), Int(subject.process), 0, Int(bitPattern: $0))
    }
    switch -result {
    case 0: return cookie == 0 ? .no("no cookie: any process may share its core") : .yes("a cookie of its own")
    case Int(EINVAL), Int(ENODEV):
      return .notApplicable("this machine has no core scheduling, or no threads that share a core")
    default: return .unseen("the right to trace it (\(String(SystemError.reason(of: Int32(-result)))))")
    }
  }
}

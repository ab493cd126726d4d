import CLinux
import Host
import Policy

/// What the kernel's seccomp can do.
package struct SeccompSurvey: Sendable {
  /// What the tender's own filter answers with, and in report mode.
  package enum Wanted: String, CaseIterable, Sendable {
    case allow = "ALLOW"
    case killProcess = "KILL_PROCESS"
    case trap = "TRAP"

    fileprivate var action: Action {
      switch self {
      case .allow: .allow
      case .killProcess: .killProcess
      case .trap: .trap
      }
    }
  }

  /// Whether there is each action, nil where that may not be asked.
  package var actions: [Wanted: Bool?] = [:]
  /// Whether a filter can be put on all threads at once, nil where that may not be asked.
  package var synchronises: Bool?

  package init() {}

  /// Asks the kernel (seccomp(2), SECCOMP_GET_ACTION_AVAIL).
  static func asked() -> SeccompSurvey {
    var survey = SeccompSurvey()
    for wanted in Wanted.allCases {
      var action = wanted.action.rawValue
      let result = unsafe withUnsafeMutablePointer(to: &action) {
        // SAFETY: the kernel reads the four bytes during the call.
        Kernel.raw(.seccomp, Int(SECCOMP_GET_ACTION_AVAIL), 0, Int(bitPattern: $0))
      }
      survey.actions[wanted] = result == 0 ? .some(true) : result == -Int(EOPNOTSUPP) ? .some(false) : .some(nil)
    }
    // Without a program, a kernel that knows the flag fails to read one, and one that doesn't refuses the flag.
    // No process has memory at that address; at 0 some have (MMAP_PAGE_ZERO).
    switch -Kernel.raw(.seccomp, Int(SECCOMP_SET_MODE_FILTER), Int(SECCOMP_FILTER_FLAG_TSYNC), -4096) {
    case Int(EFAULT): survey.synchronises = true
    case Int(EINVAL): survey.synchronises = false
    default: survey.synchronises = nil
    }
    return survey
  }
}

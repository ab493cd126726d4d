import CLinux
import Text

extension HostEvidence {
  var outerFilter: HostAnswer {
    guard let mode = status("Seccomp") else { return .unknown("/proc/self/status: mount /proc") }
    let count: Text = status("Seccomp_filters") ?? "?"
    guard mode != "0" else { return .ok("none") }
    return .information("seccomp mode \(mode.shown), \(count.shown) filters\(filter.words)")
  }

  var noNewPrivileges: HostAnswer {
    status("NoNewPrivs") == "1" ? .information("set already") : .ok("not set yet")
  }

  /// Whether the kernel's seccomp has an action.
  func action(_ wanted: SeccompSurvey.Wanted) -> HostAnswer {
    let loss =
      switch wanted {
      case .allow, .killProcess:
        Loss(.weaker, "a forbidden call ends a thread only", fix: "use Linux 5.9 or later")
      case .trap: Loss(.limited, "--seccomp=report reports nothing", fix: "use Linux 5.9 or later")
      }
    return switch seccomp.actions[wanted] ?? nil {
    case .some(true): .ok("there")
    case .some(false): .missing("not there", loss)
    case nil: .unknown("an outer filter, or a kernel without seccomp, answers")
    }
  }

  var synchronises: HostAnswer {
    switch seccomp.synchronises {
    case true: .ok("a filter goes on all threads at once")
    case false:
      .missing(
        "the kernel doesn't know it",
        Loss(.refused, "brig-hvt doesn't start: its filter covers all threads", fix: "use Linux 5.9 or later"))
    case nil: .unknown("an outer filter, or a kernel without seccomp, answers")
    }
  }

  var executionDomain: HostAnswer {
    guard let personality else { return .unknown("personality may not be asked") }
    guard personality & 0x0400000 != 0 else { return .ok("memory that is read isn't executable") }
    return .missing(
      "READ_IMPLIES_EXEC",
      Loss(
        .refused, "brig-hvt doesn't start: memory can't be kept either writable or executable",
        fix: "start without setarch -X"))
  }

  var addressSpace: HostAnswer {
    guard let refusal = windowRefusal else { return .ok("a guest's window of 4 GiB can be reserved") }
    return .missing(
      "no window of 4 GiB: \(refusal)",
      Loss(.limited, "the largest guests (--mem above what fits) aren't started", fix: "ulimit -v unlimited"))
  }
}

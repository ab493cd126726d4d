import CLinux
import Text

extension Checks {
  static let processChecks: [HostCheck] =
    [
      HostCheck(.process, "outer-filter") { evidence in
        guard let mode = evidence.status("Seccomp") else { return .unknown("/proc/self/status: mount /proc") }
        let count: Text = evidence.status("Seccomp_filters") ?? "?"
        guard mode != "0" else { return .ok("none") }
        return .information("seccomp mode \(mode.shown), \(count.shown) filters\(evidence.filter.words)")
      },
      HostCheck(.process, "no-new-privileges") { evidence in
        evidence.status("NoNewPrivs") == "1" ? .information("set already") : .ok("not set yet")
      },
    ]
    + SeccompSurvey.table.map { name, _ in
      HostCheck(.process, "seccomp-\(name)") { evidence in action(name, evidence) }
    } + [
      HostCheck(.process, "seccomp-TSYNC") { evidence in
        switch evidence.seccomp.synchronises {
        case true: .ok("a filter goes on all threads at once")
        case false:
          .missing(
            "the kernel doesn't know it",
            Loss(.refused, "brig-hvt doesn't start: its filter covers all threads", fix: "use Linux 5.9 or later"))
        case nil: .unknown("an outer filter, or a kernel without seccomp, answers")
        }
      },
      HostCheck(.process, "personality") { evidence in
        guard let personality = evidence.personality else { return .unknown("personality may not be asked") }
        guard personality & 0x0400000 != 0 else { return .ok("memory that is read isn't executable") }
        return .missing(
          "READ_IMPLIES_EXEC",
          Loss(
            .refused, "brig-hvt doesn't start: memory can't be kept either writable or executable",
            fix: "start without setarch -X"))
      },
      HostCheck(.process, "address-space") { evidence in
        guard let refusal = evidence.windowRefusal else { return .ok("a guest's window of 4 GiB can be reserved") }
        return .missing(
          "no window of 4 GiB: \(refusal)",
          Loss(.limited, "the largest guests (--mem above what fits) aren't started", fix: "ulimit -v unlimited"))
      },
    ]
    + ResourceLimit.all.map { limit in
      HostCheck(.process, limit.name) { evidence in limit.answer(evidence) }
    }

  private static func action(_ name: String, _ evidence: HostEvidence) -> HostAnswer {
    switch evidence.seccomp.actions[name] ?? nil {
    case .some(true): return .ok("there")
    case nil: return .unknown("an outer filter, or a kernel without seccomp, answers")
    case .some(false): break
    }
    guard name != "TRAP" else {
      return .missing("not there", Loss(.limited, "--seccomp=report reports nothing", fix: "use Linux 5.9 or later"))
    }
    return .missing(
      "not there", Loss(.weaker, "a forbidden call ends a thread only", fix: "use Linux 5.9 or later"))
  }
}

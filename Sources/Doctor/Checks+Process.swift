import CLinux

extension Checks {
  static let processChecks: [Check] =
    [
      Check(.process, "outer-filter") { evidence in
        guard let mode = evidence.status("Seccomp") else { return .unknown("/proc/self/status: mount /proc") }
        let count = evidence.status("Seccomp_filters") ?? "?"
        return mode == "0" ? .ok("none") : .information("seccomp mode \(mode), \(count) filters")
      },
      Check(.process, "no-new-privileges") { evidence in
        evidence.status("NoNewPrivs") == "1" ? .information("set already") : .ok("not set yet")
      },
    ]
    + SeccompSurvey.table.map { name, _ in
      Check(.process, "seccomp-\(name)") { evidence in action(name, evidence) }
    } + [
      Check(.process, "seccomp-TSYNC") { evidence in
        switch evidence.seccomp.synchronises {
        case true: .ok("a filter goes on all threads at once")
        case false:
          .missing(
            "the kernel doesn't know it",
            Loss(.refused, "brig-hvt doesn't start: its filter covers all threads", fix: "use Linux 5.9 or later"))
        case nil: .unknown("an outer filter, or a kernel without seccomp, answers")
        }
      },
      Check(.process, "personality") { evidence in
        guard let personality = evidence.personality else { return .unknown("personality may not be asked") }
        guard personality & 0x0400000 != 0 else { return .ok("memory that is read isn't executable") }
        return .missing(
          "READ_IMPLIES_EXEC",
          Loss(
            .refused, "brig-hvt doesn't start: memory can't be kept either writable or executable",
            fix: "start without setarch -X"))
      },
      Check(.process, "address-space") { evidence in
        guard let refusal = evidence.windowRefusal else { return .ok("a guest's window of 4 GiB can be reserved") }
        return .missing(
          "no window of 4 GiB: \(refusal)",
          Loss(.limited, "the largest guests (--mem above what fits) aren't started", fix: "ulimit -v unlimited"))
      },
    ] + LimitRow.all.map { row in Check(.process, row.name) { evidence in row.answer(evidence) } }

  private static func action(_ name: String, _ evidence: Evidence) -> Answer {
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

/// A resource limit of the launcher's that may be too low for some guests.
struct LimitRow: Sendable {
  let name: String
  /// The kernel's words in `/proc/PID/limits`.
  let words: String
  /// What the largest guest needs, in the limit's unit.
  let least: UInt64
  let cost: String
  let fix: String

  /// Nothing is locked in memory and no file is long by itself: those two limits are named because people ask.
  static let all: [LimitRow] = [
    LimitRow(
      name: "RLIMIT_AS", words: "Max address space", least: 9 << 30,
      cost: "a guest is refused whose window, twice its --mem and more, doesn't fit", fix: "ulimit -v unlimited"),
    LimitRow(
      name: "RLIMIT_DATA", words: "Max data size", least: 5 << 30,
      cost: "a guest is refused whose --mem doesn't fit", fix: "ulimit -d unlimited"),
    LimitRow(
      name: "RLIMIT_NOFILE", words: "Max open files", least: 80,
      cost: "a guest with many disks and networks isn't started", fix: "ulimit -n 1024"),
    LimitRow(
      name: "RLIMIT_FSIZE", words: "Max file size", least: 1 << 20,
      cost: "disks can't be written, nor a receipt, beyond it", fix: "ulimit -f unlimited"),
    LimitRow(name: "RLIMIT_MEMLOCK", words: "Max locked memory", least: 0, cost: "", fix: ""),
  ]

  func answer(_ evidence: Evidence) -> Answer {
    guard let text = evidence.read("/proc/self/limits"), text.contains(words) else {
      return .unknown("/proc/self/limits: mount /proc")
    }
    guard let value = evidence.limit(words) else { return .ok("unlimited") }
    guard value < least else { return .ok("\(value)") }
    return .missing("\(value)", Loss(.limited, cost, fix: fix))
  }
}

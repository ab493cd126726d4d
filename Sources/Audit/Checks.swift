import CLinux
import Confinement
import Procfs
import Text

/// The table of checks: what a sealed tender has, and how much each counts.
enum Checks {
  static let all: [Check] = {
    let own = processChecks + namespaceChecks + hardeningChecks + limitChecks + filterChecks
    // A step of the seal that shows nowhere: the receipt says it, or nobody does.
    return own
      + Step.allCases.compactMap { step in
        step.isHiddenBecause.map { .told("\(step.description.name)", step.hiddenWeight, because: $0) }
      }
  }()

  // MARK: Who it is and what it holds

  private static let processChecks: [Check] = [
    Check("capabilities", 10) { evidence throws(Doubt) in
      let tasks = try evidence.tasks.get().all
      for task in tasks {
        for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] as [Text]
        where try task.field(set).number(radix: UInt64(16)) != 0 {
          throw .refuted("task \(task.id) has capabilities: \(String(set)) \(String(try task.field(set)))")
        }
      }
      return "all five sets of \(tasks.count) tasks are empty"
    },
    Check("user", 8) { evidence throws(Doubt) in try Users.own(evidence) },
    Check("groups", 3) { evidence throws(Doubt) in try Users.groups(evidence) },
    Check("one-thread", 4) { evidence throws(Doubt) in
      let tasks = try evidence.tasks.get()
      guard tasks.own.count == 1 else { throw .refuted("\(tasks.own.count) threads") }
      guard !tasks.all.contains(where: { $0.kind == .ring }) else { throw .refuted("io_uring works in it") }
      let workers = tasks.all.filter { $0.kind == .worker }
      guard workers.count <= 1 else {
        throw .refuted("\(workers.count) threads of the kernel's work in it, and KVM needs one")
      }
      if let other = workers.first(where: { !$0.isMachineWorker }) {
        throw .refuted("a thread of the kernel's works in it that isn't KVM's: \(String(other.name))")
      }
      let outside = try Sharing.demandNone(evidence.subject)
      let note = outside == 0 ? "" : ", but for \(outside) tasks that this root may not look at"
      return "one thread of its own, whose memory and descriptors no other process shares\(note)"
    },
    Check("not-traced", 4) { evidence throws(Doubt) in
      for task in try evidence.tasks.get().all where try task.field("TracerPid") != "0" {
        throw .refuted(
          "process \(String(try task.field("TracerPid"))) traces task \(task.id), and decides what it does")
      }
      return "no task has a tracer"
    },
    Check("standard-descriptors", 1) { evidence throws(Doubt) in
      guard let input = try evidence.descriptors.get().first(where: { $0.number == 0 }) else {
        throw .refuted("descriptor 0 is closed")
      }
      guard input.facts.kind == .characterDevice(.null) else { throw .refuted("0 is \(String(input.target))") }
      return "0 is /dev/null"
    },
    Check("stray-descriptors", 8) { evidence throws(Doubt) in try Descriptors.stray(evidence) },
    Check("virtual-machine", 6) { evidence throws(Doubt) in
      let open = try evidence.descriptors.get().filter(\.isMachine)
      guard open.isEmpty else { throw .refuted("open: \(list: open.map(\.words), separator: ", ")") }
      return "neither /dev/kvm nor a VM is open"
    },
    Check("environment", 2) { evidence throws(Doubt) in try Environment.answer(evidence) },
  ]

  // MARK: Where it is

  private static let namespaceChecks: [Check] =
    ([
      ("user-namespace", "user", 6), ("mount-namespace", "mnt", 6), ("net-namespace", "net", 8),
      ("ipc-namespace", "ipc", 2), ("uts-namespace", "uts", 1), ("cgroup-namespace", "cgroup", 1),
    ] as [(String, Text, Int)]).map { name, kind, weight in
      Check(name, weight) { evidence throws(Doubt) in
        let own = try evidence.subject.hasOwn(namespace: kind, try evidence.tasks.get())
        guard own.verdict else { throw .refuted("the same as \(own.than)") }
        if kind == "net" { return try NetNamespaces.answer(evidence, than: own.than) }
        return "another than \(own.than)"
      }
    } + [
      Check("nested-namespaces", 2) { evidence throws(Doubt) in
        if try UserNamespace.isWithoutIDs(evidence.subject) {
          return "nobody has an id in its user namespace, and who has none makes no other"
        }
        let value = try UserNamespace.maximum(of: evidence.subject)
        guard value == 0 else { throw .refuted("max_user_namespaces is \(value)") }
        return "none may be made in its user namespace"
      },
      Check("empty-root", 8) { evidence throws(Doubt) in try EmptyRoot.answer(evidence) },
    ]

  // MARK: What it gave up

  private static let hardeningChecks: [Check] = [
    Check("not-dumpable", 4) { evidence throws(Doubt) in try Dumpable.answer(evidence) },
    Check("no-new-privs", 5) { evidence throws(Doubt) in
      for task in try evidence.tasks.get().all where try task.field("NoNewPrivs") != "1" {
        throw .refuted("not set for task \(task.id)")
      }
      return "set for each task"
    },
    Check("writable-code", 3) { evidence throws(Doubt) in
      let both = try evidence.regions.get().filter { $0.isWritable && $0.isExecutable }
      guard both.isEmpty else { throw .refuted("\(both.count) regions are both writable and executable") }
      return "no memory is both writable and executable"
    },
    Check("mappings", 6) { evidence throws(Doubt) in try Mappings.answer(evidence) },
    Check("memory-sealing", 2) { evidence throws(Doubt) in try MemorySeal.answer(evidence) },
    Check("speculation", 3) { evidence throws(Doubt) in try Speculation.answer(evidence) },
    Check("processor-flaws", 3) { evidence throws(Doubt) in try ProcessorFlaws.answer(evidence) },
    Check("core-scheduling", 2) { evidence throws(Doubt) in try CoreScheduling.answer(evidence) },
    Check("memory-merging", 1) { evidence throws(Doubt) in
      let lines = KeyedLines(try evidence.subject.file("ksm_stat"))
      guard let all = lines["ksm_merge_any"] else { throw .unseen("Linux 6.6 with CONFIG_KSM") }
      guard all == "no", lines["ksm_mergeable"] ?? "no" == "no" else { throw .refuted("pages may be merged") }
      return "pages aren't merged"
    },
    Check("oom-score", 1) { evidence throws(Doubt) in
      let text = try evidence.subject.file("oom_score_adj").trimmed
      guard let value = text.integer else { throw .refuted("oom_score_adj is no number") }
      guard value >= 0 else { throw .refuted("oom_score_adj is \(value): others die first") }
      return "oom_score_adj is \(value)"
    },
    Check("real-time-scheduling", 1) { evidence throws(Doubt) in try Scheduling.answer(evidence) },
    Check("poll-deadlines", 1) { evidence throws(Doubt) in try Deadlines.answer(evidence) },
    Check("signals", 1) { evidence throws(Doubt) in
      for task in try evidence.tasks.get().own where try task.field("SigBlk").number(radix: UInt64(16)) != 0 {
        throw .refuted("blocked: \(String(try task.field("SigBlk")))")
      }
      return "none is blocked"
    },
  ]

  // MARK: What it may use up

  private static let limitChecks: [Check] = [
    none("limit-core", "Max core file size", 2),
    none("limit-nproc", "Max processes", 3),
    Check("limit-nofile", 3) { evidence throws(Doubt) in try Descriptors.limit(evidence) },
    Check("limit-fsize", 2) { evidence throws(Doubt) in
      guard let limit = try evidence.subject.limit("Max file size") else { throw .refuted("unlimited") }
      return "\(limit) bytes"
    },
  ]

  private static func none(_ name: String, _ words: Text, _ weight: Int) -> Check {
    Check(name, weight) { evidence throws(Doubt) in
      guard let limit = try evidence.subject.limit(words) else { throw .refuted("unlimited") }
      guard limit == 0 else { throw .refuted("\(limit)") }
      return "0"
    }
  }

  // MARK: What it may ask of the kernel

  private static let filterChecks: [Check] = [
    Check("seccomp", 15) { evidence throws(Doubt) in
      let tasks = try evidence.tasks.get().all
      for task in tasks where try task.field("Seccomp") != "2" {
        throw .refuted("no filter on task \(task.id), one of \(tasks.count)")
      }
      return "a filter on every one of \(tasks.count) tasks"
    },
    Check("few-system-calls", 10) { evidence throws(Doubt) in try FilterChecks.few(evidence) },
    Check("arguments-pinned", 10) { evidence throws(Doubt) in try FilterChecks.pinned(evidence) },
    Check("foreign-calls-refused", 5) { evidence throws(Doubt) in try FilterChecks.foreign(evidence) },
    Check("forbidden-calls-kill", 5) { evidence throws(Doubt) in try FilterChecks.deadly(evidence) },
    Check("seccomp-filter", 15) { evidence throws(Doubt) in try FilterChecks.proved(evidence) },
    Check("receipt", 4) { evidence throws(Doubt) in try FilterChecks.receipt(evidence) },
  ]
}

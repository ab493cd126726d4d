import CLinux
import Listing

/// The table of checks: what a sealed tender has, and how much each counts.
enum Checks {
  static let all: [Check] = processChecks + namespaceChecks + hardeningChecks + limitChecks + filterChecks

  // MARK: Who it is and what it holds

  private static let processChecks: [Check] = [
    Check(name: "capabilities", weight: 10) { evidence in
      let sets = ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"].map { ($0, evidence.subject.status($0)) }
      guard sets.allSatisfy({ $0.1 != nil }) else { return .unseen("/proc/PID/status") }
      let held = sets.filter { $0.1?.contains { $0 != "0" } == true }.map(\.0)
      return held.isEmpty ? .yes("all five sets are empty") : .no("not empty: \(held.joined(separator: " "))")
    },
    Check(name: "user", weight: 8) { evidence in
      let ids = (evidence.subject.status("Uid") ?? "").split(separator: "\t").map(String.init)
      guard let uid = ids.first else { return .unseen("/proc/PID/status") }
      guard !ids.contains("0") else { return .no("runs as root") }
      let all = Users.processes(of: uid)
      guard all.contains(evidence.subject.process) else { return .unseen("/proc") }
      let others = all.filter { $0 != evidence.subject.process }
      guard others.isEmpty else { return .no("uid \(uid) has \(others.count) other processes, as \(others[0])") }
      return .yes("uid \(uid), which no other process has")
    },
    Check(name: "host-privileges", weight: 1) { evidence in told(evidence, "host-privileges") },
    Check(name: "groups", weight: 3) { evidence in
      guard let groups = evidence.subject.status("Groups")?.split(separator: " ") else {
        return .unseen("/proc/PID/status")
      }
      return groups.isEmpty ? .yes("no supplementary groups") : .no("groups \(groups.joined(separator: " "))")
    },
    Check(name: "one-thread", weight: 4) { evidence in
      guard let tasks = evidence.subject.tasks?.filter({ !$0.isOfKernel }) else { return .unseen("/proc/PID/task") }
      return tasks.count == 1 ? .yes("one thread of its own") : .no("\(tasks.count) threads")
    },
    Check(name: "standard-descriptors", weight: 1) { evidence in
      ask(evidence) { descriptors in
        guard let input = descriptors.first(where: { $0.number == 0 }) else { return .no("descriptor 0 is closed") }
        return input.target == "/dev/null" ? .yes("0 is /dev/null") : .no("0 is \(input.target)")
      }
    },
    Check(name: "stray-descriptors", weight: 8) { evidence in Descriptors.stray(evidence) },
    Check(name: "virtual-machine", weight: 6) { evidence in
      ask(evidence) { descriptors in
        let open = descriptors.filter { $0.target == "/dev/kvm" || $0.target.hasPrefix("anon_inode:kvm-vm") }
        guard open.isEmpty else { return .no("open: \(open.map(\.words).joined(separator: ", "))") }
        return .yes("neither /dev/kvm nor a VM is open")
      }
    },
    Check(name: "environment", weight: 2) { evidence in
      guard let text = evidence.subject.file("environ") else { return .unseen(evidence.subject.needed("environ")) }
      let count = text.utf8.count { $0 != 0 }
      return count == 0 ? .yes("wiped") : .no("\(count) bytes of it can still be read")
    },
  ]

  // MARK: Where it is

  private static let namespaceChecks: [Check] =
    [
      ("user-namespace", "user", 6), ("mount-namespace", "mnt", 6), ("net-namespace", "net", 8),
      ("ipc-namespace", "ipc", 2), ("uts-namespace", "uts", 1), ("cgroup-namespace", "cgroup", 1),
    ].map { name, kind, weight in
      Check(name: name, weight: weight) { evidence in
        guard let own = evidence.subject.hasOwn(namespace: kind) else {
          return .unseen(evidence.subject.needed("ns"))
        }
        return own.verdict ? .yes("another than \(own.than)") : .no("the same as \(own.than)")
      }
    } + [
      Check(name: "nested-namespaces", weight: 2) { evidence in
        switch UserNamespace.maximum(of: evidence.subject) {
        case .success(let value):
          value == "0" ? .yes("none may be made in its user namespace") : .no("max_user_namespaces is \(value)")
        case .failure(let problem): .unseen(problem.message)
        }
      },
      Check(name: "empty-root", weight: 8) { evidence in
        guard let names = Directory.names(evidence.subject.path("root")) else {
          return .unseen(evidence.subject.needed("root"))
        }
        guard names.isEmpty else { return .no("its root directory has \(names.count) entries, as \(names[0])") }
        guard let mounts = evidence.subject.file("mounts")?.split(separator: "\n").map({ $0.split(separator: " ") })
        else { return .unseen(evidence.subject.needed("mounts")) }
        guard mounts.count == 1, mounts[0].count > 3 else { return .no("\(mounts.count) file systems are mounted") }
        guard mounts[0][3].split(separator: ",").contains("ro") else { return .no("empty, but can be written") }
        return .yes("empty and read-only")
      },
    ]

  // MARK: What it gave up

  private static let hardeningChecks: [Check] = [
    Check(name: "not-dumpable", weight: 4) { evidence in Dumpable.answer(evidence.subject) },
    Check(name: "no-new-privs", weight: 5) { evidence in
      guard let value = evidence.subject.status("NoNewPrivs") else { return .unseen("/proc/PID/status") }
      return value == "1" ? .yes("set") : .no("not set")
    },
    Check(name: "writable-code", weight: 3) { evidence in
      guard let map = evidence.subject.file("maps"), !map.isEmpty else {
        return .unseen(evidence.subject.needed("maps"))
      }
      let both = map.split(separator: "\n").compactMap { MapRegion($0) }.filter {
        $0.permissions.contains("w") && $0.permissions.contains("x")
      }
      return both.isEmpty ? .yes("no memory is both writable and executable") : .no("\(both.count) regions are both")
    },
    Check(name: "memory-deny-write-execute", weight: 3) { evidence in told(evidence, "memory-deny-write-execute") },
    Check(name: "landlock", weight: 3) { evidence in told(evidence, "landlock") },
    Check(name: "speculation", weight: 3) { evidence in
      let states = ["Speculation_Store_Bypass", "SpeculationIndirectBranch"].compactMap { field in
        evidence.subject.status(field).map { (field, $0) }
      }
      guard !states.isEmpty else { return .unseen("a kernel that says so in /proc/PID/status") }
      let words = states.map { "\($0.0): \($0.1)" }.joined(separator: "; ")
      // What the process could have forbidden itself (fs/proc/array.c), and what the machine decides for all.
      if states.contains(where: { ["thread vulnerable", "conditional enabled"].contains($0.1) }) { return .no(words) }
      let decided = states.contains { ["vulnerable", "always enabled"].contains($0.1) }
      return decided ? .notApplicable("\(words): this machine leaves processes no choice") : .yes(words)
    },
    Check(name: "core-scheduling", weight: 2) { evidence in CoreScheduling.answer(evidence.subject) },
    Check(name: "memory-merging", weight: 1) { evidence in
      guard let text = evidence.subject.file("ksm_stat") else { return .unseen("root, and Linux 6.1 with CONFIG_KSM") }
      return text.contains("ksm_merge_any: yes") ? .no("all pages may be merged") : .yes("pages aren't merged unasked")
    },
    Check(name: "oom-score", weight: 1) { evidence in
      guard let value = evidence.subject.file("oom_score_adj").flatMap({ Int($0.dropLast()) }) else {
        return .unseen("root")
      }
      return value >= 0 ? .yes("oom_score_adj is \(value)") : .no("oom_score_adj is \(value): others die first")
    },
    Check(name: "signals", weight: 1) { evidence in
      guard let blocked = evidence.subject.status("SigBlk") else { return .unseen("/proc/PID/status") }
      return blocked.allSatisfy { $0 == "0" } ? .yes("none is blocked") : .no("blocked: \(blocked)")
    },
  ]

  /// What no other process can see: the receipt says it, or nobody does.
  private static func told(_ evidence: Evidence, _ step: String) -> Check.Answer {
    guard let receipt = evidence.receipt else { return .unseen("the receipt: only the process itself can tell") }
    let entry = receipt.steps.first { $0.name == step }
    guard let reason = entry?.unavailable else { return .yes("says the receipt") }
    return .no("says the receipt: \(reason)")
  }

  // MARK: What it may use up

  private static let limitChecks: [Check] = [
    limit("limit-core", "Max core file size", 2) { $0 == "0" },
    limit("limit-nproc", "Max processes", 3) { $0 == "0" },
    Check(name: "limit-nofile", weight: 3) { evidence in
      guard let value = evidence.subject.limit("Max open files") else {
        return .unseen(evidence.subject.needed("limits"))
      }
      guard let number = Int(value) else { return .no(value) }
      if number == 0 { return .yes("0: no further descriptor fits") }
      return ask(evidence) { descriptors in
        guard number <= descriptors.count else { return .no("\(number), and \(descriptors.count) are open") }
        return .yes("\(number): no further descriptor fits")
      }
    },
    Check(name: "limit-fsize", weight: 2) { evidence in
      guard let value = evidence.subject.limit("Max file size") else {
        return .unseen(evidence.subject.needed("limits"))
      }
      if value != "unlimited" { return .yes("\(value) bytes") }
      let reason = evidence.receipt?.steps.first { $0.name == "limit-fsize" }?.unavailable
      if let reason { return .notApplicable(reason) }
      // A console that is a file must be able to grow.
      return ask(evidence) { descriptors in
        descriptors.contains { (1...2).contains($0.number) && Descriptors.isRegularFile($0.target) }
          ? .notApplicable("standard output or standard error is a regular file") : .no("unlimited")
      }
    },
  ]

  /// Asks about the open descriptors, if all can be seen.
  private static func ask(_ evidence: Evidence, _ body: ([OpenDescriptor]) -> Check.Answer) -> Check.Answer {
    switch evidence.descriptors {
    case .success(let descriptors): body(descriptors)
    case .failure(let needed): .unseen(needed.message)
    }
  }

  private static func limit(
    _ name: String, _ field: String, _ weight: Int, _ isTight: @escaping @Sendable (String) -> Bool
  ) -> Check {
    Check(name: name, weight: weight) { evidence in
      guard let value = evidence.subject.limit(field) else { return .unseen(evidence.subject.needed("limits")) }
      return isTight(value) ? .yes(value) : .no(value)
    }
  }

  // MARK: What it may ask of the kernel

  private static let filterChecks: [Check] = [
    Check(name: "seccomp", weight: 15) { evidence in
      let tasks = (evidence.subject.tasks ?? []).map { ($0.id, evidence.subject.status("Seccomp", task: $0.id)) }
      let without = tasks.filter { $0.1 != nil && $0.1 != "2" }.map(\.0)
      guard without.isEmpty else {
        return .no("no filter on \(without.count) of \(tasks.count) tasks, as \(without[0])")
      }
      guard !tasks.isEmpty, tasks.allSatisfy({ $0.1 != nil }) else { return .unseen("/proc/PID/task") }
      return .yes("a filter on every one of \(tasks.count) tasks")
    },
    Check(name: "few-system-calls", weight: 10) { evidence in Filters.few(evidence) },
    Check(name: "arguments-pinned", weight: 10) { evidence in Filters.pinned(evidence) },
    Check(name: "foreign-calls-refused", weight: 5) { evidence in Filters.foreign(evidence) },
    Check(name: "seccomp-filter", weight: 15) { evidence in Filters.proved(evidence) },
    Check(name: "receipt", weight: 4) { evidence in Filters.receipt(evidence) },
  ]
}

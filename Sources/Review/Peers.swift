/// How many system calls other tenders and VMMs allow while a guest runs, counted from their sources.
struct Peer: Sendable {
  let name: String
  let calls: String
  /// How many of these calls are matched on arguments in every rule.
  let matched: String
  let note: String
  let source: String

  /// The table, with the revisions that were counted where they are known.
  static let all: [Peer] = [
    Peer(
      name: "Solo5 spt, 1 net + 1 block", calls: "9", matched: "8", note: "the guest's own process, without KVM",
      source: "Solo5 469c1a8, tenders/spt"),
    Peer(
      name: "Solo5 hvt (Linux)", calls: "18", matched: "0", note: "KILL_THREAD", source: "Solo5 469c1a8, tenders/hvt"),
    Peer(
      name: "Firecracker, vCPU thread", calls: "27", matched: "7", note: "open, write, io_uring_enter unconditional",
      source: "Firecracker 81b38b9, x86_64 filter"),
    Peer(name: "kvm-host", calls: "34", matched: "0", note: "opt-in", source: "kvm-host, revision not recorded"),
    Peer(
      name: "Cloud Hypervisor, vCPU thread", calls: "49", matched: "4", note: "open, mmap, mprotect unconditional",
      source: "cloud-hypervisor ae44c29, seccomp_filters.rs"),
    Peer(
      name: "gVisor Sentry, KVM", calls: "78", matched: "28", note: "mmap unconditional",
      source: "gVisor 3c5eee1, runsc/boot/filter"),
    Peer(
      name: "QEMU, all groups denied", calls: "344 or more", matched: "-",
      note: "a deny list, of 385 that libseccomp 2.6.1 names",
      source: "QEMU -sandbox, revision not recorded"),
    Peer(
      name: "crosvm, vCPU threads", calls: "all", matched: "0", note: "only device processes are jailed",
      source: "crosvm f1e797a"),
    Peer(name: "uhyve", calls: "all", matched: "0", note: "Landlock only", source: "uhyve 9bcf90f"),
  ]
}

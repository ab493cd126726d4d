import Host

/// What a review has found of a rule besides its policy file: how much it may grant, what is left to an attacker, and
/// what exercises it.
package struct ReviewedRule: Sendable {
  /// The most that it may grant of each argument.
  package let bounds: [(argument: String, bound: ReviewedBound)]
  /// What somebody who runs code in the tender can still do with the calls that the rule allows.
  package let attacker: String
  /// Integration tests that make the tender use the rule.
  ///
  /// `make coverage-policy` fails if one doesn't.
  package let tests: [String]
  /// Why that can't be measured on this machine, or nil.
  package let unreached: String?

  private init(
    bounds: [(argument: String, bound: ReviewedBound)], _ attacker: String, tests: [String], unreached: String? = nil
  ) {
    self.bounds = bounds
    self.attacker = attacker
    self.tests = tests
    self.unreached = unreached
  }

  private static let transfer: [(String, ReviewedBound)] = [
    ("buf", .window("memory", Bounds.memory)), ("count", .range("chunk", UInt64(Bounds.transfer))),
  ]
  private static let disk: [(String, ReviewedBound)] =
    [("fd", .bound("disk"))] + transfer + [("offset", .range("last_offset", Bounds.offset))]
  private static let frame: [(String, ReviewedBound)] = [
    ("fd", .bound("tap")), ("buf", .window("memory", Bounds.memory)),
    ("count", .range("frame", UInt64(Bounds.frame))),
  ]

  private static let inUserSpace =
    "the kernel offers the clock in user space (vDSO), so a tender makes the call only when a debugger has it"

  /// The one table, by the rule's name.
  package static let table: [String: ReviewedRule] = [
    "enter_guest": ReviewedRule(
      bounds: [("fd", .bound("vcpu")), ("op", .only(0xae80)), ("arg", .only(0))],
      "Enter the guest with whatever registers the page shared with KVM holds: what the guest can do anyway. This is the way to KVM in the kernel.",
      tests: ["hello"]),
    "read_register": ReviewedRule(
      bounds: [("fd", .bound("vcpu")), ("op", .only(0x4010_aeab)), ("arg", .bound("register"))],
      "Have KVM copy one register of the guest to the fixed block, or to an address that the request in the fixed block names: the pinned request is memory that an attacker can write, so any writable memory of the tender can be overwritten by a register, which such an attacker can do anyway.",
      tests: ["register-read"],
      unreached:
        "only aarch64 has the rule; the test runs in the aarch64 machine, and looks for the call in a record itself"),
    "diagnose": ReviewedRule(
      bounds: [
        ("fd", .only(2)), ("buf", .bound("message")), ("count", .range("message_capacity", UInt64(Bounds.fixedBlock))),
      ],
      "Write up to 1 KiB of the fixed block to standard error: lines that look like the tender's.",
      tests: ["badcall-4"]),
    "print": ReviewedRule(
      bounds: [("fd", .only(1))] + transfer,
      "Write guest memory to standard output, as the guest can by PUTS.", tests: ["hello"]),
    "read_deadline": ReviewedRule(
      bounds: [("clockid", .only(1)), ("tp", .bound("time"))],
      "Read the time since the machine started, as it can without a call wherever user space has that clock.",
      tests: ["filter-allows-deadline"],
      unreached: inUserSpace),
    "read_clock": ReviewedRule(
      bounds: [("clockid", .only(0)), ("tp", .bound("time"))],
      "Read the time of day, as the guest can by WALLTIME.", tests: ["filter-allows-clock"],
      unreached: inUserSpace),
    "wait": ReviewedRule(
      bounds: [
        ("fds", .bound("polled")), ("nfds", .range("polled_count", UInt64(Bounds.polled))),
        ("tmo_p", .bound("timeout")),
        ("sigmask", .only(0)), ("sigsetsize", .only(0)),
      ],
      "Wait on descriptors whose numbers stand in the fixed block: tell whether a descriptor that is open is ready, and sleep for any time.",
      tests: ["sleep-1ms"]),
    "unmap_run_area": ReviewedRule(
      bounds: [("addr", .bound("run_area")), ("length", .bound("run_area_size"))],
      "Take away what the vCPU shares with the kernel, after which the tender faults at the guest's next exit. Nothing else can be mapped in its place.",
      tests: ["hello"]),
    "close_vcpu": ReviewedRule(
      bounds: [("fd", .bound("vcpu"))],
      "Close the vCPU and so end the guest, as the guest can by HALT. Nothing else can be opened under its number.",
      tests: ["hello"]),
    "end": ReviewedRule(
      bounds: [("status", .upTo(255))],
      "End the tender with a status of its choice, as the guest can by HALT.", tests: ["hello", "exit-60"]),
    "read_block": ReviewedRule(
      bounds: disk,
      "Read any part of this disk into guest memory, as the guest can by BLOCK_READ.", tests: ["blk-512", "mode-ro"]),
    "write_block": ReviewedRule(
      bounds: disk,
      "Write any part of this disk, as the guest can by BLOCK_WRITE, and up to 1 MiB past its end: a file grows by that as far as the limit on file sizes lets it.",
      tests: ["blk-512", "mode-sync"]),
    "receive": ReviewedRule(
      bounds: frame,
      "Take frames from this TAP into guest memory, as the guest can by NET_READ.", tests: ["net-udp", "net-edges"]),
    "send": ReviewedRule(
      bounds: frame,
      "Send frames, malformed ones too, from guest memory, as the guest can by NET_WRITE.",
      tests: ["net-udp", "net-edges"]),
  ]
}

/// Notes on a rule besides its policy file: what it leaves to an attacker, and which tests use it.
package struct RuleNotes: Sendable {
  /// What an attacker who runs code in the tender can still do with the calls that the rule allows.
  package let attacker: String
  /// Integration tests that make the tender use the rule.
  ///
  /// `make coverage-policy` fails if one doesn't.
  package let tests: [String]
  /// Why that can't be measured on this machine, or nil.
  package let unreached: String?

  private init(_ attacker: String, tests: [String], unreached: String? = nil) {
    self.attacker = attacker
    self.tests = tests
    self.unreached = unreached
  }

  /// The one table, by the rule's name.
  package static let table: [String: RuleNotes] = [
    "enter_guest": RuleNotes(
      "Enter the guest with whatever registers the page shared with KVM holds: what the guest can do anyway. This is the way to KVM in the kernel.",
      tests: ["hello"]),
    "read_register": RuleNotes(
      "Have KVM copy one register of the guest to the fixed block, or to an address that the request in the fixed block names: the pinned request is memory that an attacker can write, so any writable memory of the tender can be overwritten by a register, which such an attacker can do anyway.",
      tests: ["register-read"],
      unreached:
        "only aarch64 has the rule; the test runs in the aarch64 machine, and looks for the call in a record itself"),
    "diagnose": RuleNotes(
      "Write up to 1 KiB of the fixed block to standard error: lines that look like the tender's.",
      tests: ["badcall-4"]),
    "print": RuleNotes(
      "Write guest memory to standard output, as the guest can by PUTS.", tests: ["hello"]),
    "read_deadline": RuleNotes(
      "Read the time since the machine started, as it can without a call wherever user space has that clock.",
      tests: ["filter-allows-deadline"],
      unreached:
        "the kernel offers the clock in user space (vDSO), so a tender makes the call only when a debugger has it"),
    "read_clock": RuleNotes(
      "Read the time of day, as the guest can by WALLTIME.", tests: ["filter-allows-clock"],
      unreached:
        "the kernel offers the clock in user space (vDSO), so a tender makes the call only when a debugger has it"),
    "wait": RuleNotes(
      "Wait on descriptors whose numbers stand in the fixed block: tell whether a descriptor that is open is ready, and sleep for any time.",
      tests: ["sleep-1ms"]),
    "end": RuleNotes(
      "End the tender with a status of its choice, as the guest can by HALT.", tests: ["hello", "exit-60"]),
    "read_block": RuleNotes(
      "Read any part of this disk into guest memory, as the guest can by BLOCK_READ.", tests: ["blk-512", "mode-ro"]),
    "write_block": RuleNotes(
      "Write any part of this disk, as the guest can by BLOCK_WRITE, and up to 1 MiB past its end: a file grows by that as far as the limit on file sizes lets it.",
      tests: ["blk-512", "mode-sync"]),
    "receive": RuleNotes(
      "Take frames from this TAP into guest memory, as the guest can by NET_READ.", tests: ["net-udp", "net-edges"]),
    "send": RuleNotes(
      "Send frames, malformed ones too, from guest memory, as the guest can by NET_WRITE.",
      tests: ["net-udp", "net-edges"]),
  ]
}

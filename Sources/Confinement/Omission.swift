package import Policy
package import Text

#if PARTIAL
  // SAFETY: set once before the first step, by the only thread, and never changed after.
  private nonisolated(unsafe) var omitted: UInt64 = 0
  // SAFETY: the same.
  private nonisolated(unsafe) var spoils = false
#endif

/// What the tests' partial build of the tender leaves out of its seal, or makes wrong.
///
/// A step that is left out shows that the audit names it, and what the layer below stops. A wrong filter shows that the
/// tender's own proof refuses it.
///
/// A tender that ships is built without `PARTIAL`: it leaves out nothing, and has no code that could.
package enum Omission {
  /// Says whether a step is left out.
  @inline(__always)
  package static func concerns(_ step: Step) -> Bool {
    #if PARTIAL
      unsafe omitted & 1 << UInt64(step.rawValue) != 0
    #else
      false
    #endif
  }

  /// Makes the last instruction of a compiled filter allow what it refuses, or the other way round, if that was chosen.
  @inline(__always)
  package static func spoil(_ program: inout Program) {
    #if PARTIAL
      // SECCOMP_RET_KILL_PROCESS and SECCOMP_RET_ALLOW (linux/seccomp.h) differ in these bits.
      if unsafe spoils { program.instructions[program.instructions.count - 1].operand ^= 0xffff_0000 }
    #endif
  }

  /// Chooses by the program's name: `without-` and steps' names with `+` between, or `with-wrong-filter`.
  @inline(__always)
  package static func choose(by program: Text) {
    #if PARTIAL
      let prefix: Text = "without-"
      if program.bytes.starts(with: prefix.bytes) {
        let names = program.bytes.dropFirst(prefix.bytes.count).split(separator: UInt8(ascii: "+"))
        for name in names {
          if let step = Step(named: Text(bytes: Array(name))) { unsafe omitted |= 1 << UInt64(step.rawValue) }
        }
      }
      unsafe spoils = program == "with-wrong-filter"
    #endif
  }
}

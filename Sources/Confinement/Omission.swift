package import Policy
package import Text

#if PARTIAL
  // SAFETY: set once before the first step, by the only thread, and never changed after.
  private nonisolated(unsafe) var omitted: Step?
  // SAFETY: the same.
  private nonisolated(unsafe) var spoils = false
#endif

/// What the tests' partial build of the tender leaves out of its seal, to see that an audit names it, or makes wrong, to
/// see that its own proof does.
///
/// A tender that ships is built without `PARTIAL`: it leaves out nothing, and has no code that could.
package enum Omission {
  /// Says whether a step is left out.
  @inline(__always)
  package static func concerns(_ step: Step) -> Bool {
    #if PARTIAL
      unsafe omitted == step
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

  /// Chooses by the program's name: `without-` and a step's, or `with-wrong-filter`.
  @inline(__always)
  package static func choose(by program: Text) {
    #if PARTIAL
      unsafe omitted = Step.allCases.first { program == "without-\($0.description.name)" }
      unsafe spoils = program == "with-wrong-filter"
    #endif
  }
}

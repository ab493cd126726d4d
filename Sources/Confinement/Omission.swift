package import Text

#if PARTIAL
  // SAFETY: set once before the first step, by the only thread, and never changed after.
  private nonisolated(unsafe) var omitted: Step?
#endif

/// What the tests' partial build of the tender leaves out of its seal, to see that an audit names it.
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

  /// Chooses the step by the program's name: `without-` and the step's.
  @inline(__always)
  package static func choose(by program: Text) {
    #if PARTIAL
      unsafe omitted = Step.allCases.first { program == "without-\($0.description.name)" }
    #endif
  }
}

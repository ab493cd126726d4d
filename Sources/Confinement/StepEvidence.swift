import CLinux
package import Host

/// How it is known that a step is in force: what taking one ends with.
///
/// An outer filter can answer any call with 0 or an error and do nothing. It can't return a positive number nor write to
/// memory, and it answers the same question always alike. So a good question has an answer that is positive or written to
/// memory, or that was another one before the step.
package struct StepEvidence {
  private init() {}

  /// What the kernel says after the step.
  ///
  /// - Parameters:
  ///   - call: the call whose effect was looked for.
  ///   - isSo: whether it was found.
  /// - Returns: that it is in force.
  /// - Throws: `ENOSYS` where it wasn't: the call was answered without being made.
  package static func seen(_ call: StaticString, _ isSo: Bool) throws(SystemError) -> StepEvidence {
    guard isSo else { throw SystemError(call: call, code: ENOSYS) }
    return StepEvidence()
  }

  /// Nothing can be asked of the kernel.
  ///
  /// - Parameter reason: why, for who reads the program; `docs/architecture.md` lists these steps.
  /// - Returns: that it counts as in force.
  package static func believed(_ reason: StaticString) -> StepEvidence { StepEvidence() }
}

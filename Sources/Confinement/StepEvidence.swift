import CLinux
package import Host

/// Evidence that a step is in force; taking a step ends with it.
///
/// An outer filter can answer any call with 0 or an error and do nothing. It can't return a positive number or write to
/// memory, and it always gives the same question the same answer. So the answer to a good question is positive or
/// written to memory, or was another one before the step.
package struct StepEvidence {
  private init() {}

  /// Evidence from the kernel, asked after the step.
  ///
  /// - Parameters:
  ///   - call: the call whose effect was looked for.
  ///   - isSo: whether it was found.
  /// - Returns: evidence that the step is in force.
  /// - Throws: `ENOSYS` if the effect was not found: something answered the call without making it.
  package static func seen(_ call: StaticString, _ isSo: Bool) throws(SystemError) -> StepEvidence {
    guard isSo else { throw SystemError(call: call, code: ENOSYS) }
    return StepEvidence()
  }

  /// A belief: there is no question to the kernel that would show the step.
  ///
  /// - Parameter reason: why, for readers of the program; `docs/architecture.md` lists what is believed.
  /// - Returns: what lets the step count as in force.
  package static func believed(_ reason: StaticString) -> StepEvidence { StepEvidence() }
}

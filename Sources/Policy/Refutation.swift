package import Text

/// Why a program was not proved equal to a policy.
package struct Refutation: Error, Sendable {
  /// What was found, without a full stop.
  package let reason: Text
  /// The index of the instruction where it was found.
  package let instruction: Int
  /// A call that the program treats otherwise than the policy says; nil if none was found.
  ///
  /// Without such a call the program may be right, and the proof too weak for it. It is refused all the same.
  package let counterExample: CounterExample?

  package init(reason: Text, instruction: Int, counterExample: CounterExample? = nil) {
    self.reason = reason
    self.instruction = instruction
    self.counterExample = counterExample
  }

  /// The whole sentence.
  package var message: Text {
    guard let counterExample else { return "not shown: \(reason), at instruction \(instruction)" }
    return "refuted: \(reason), at instruction \(instruction); \(counterExample.message)"
  }
}

/// A call on which a program and a policy differ, found by running the one and evaluating the other.
package struct CounterExample: Sendable {
  package let request: Request
  /// What the policy says.
  package let isAllowed: Bool
  /// Whether the policy says that a handler reports the call, instead of death at once.
  package let isReported: Bool
  /// What the program does.
  package let action: Action

  /// Runs the program and evaluates the policy on a call; nil unless they differ.
  init?(_ request: Request, filter: DecodedProgram, policy: Policy) {
    action = filter.action(for: request)
    guard !policy.accepts(action, on: request) else { return nil }
    self.request = request
    isAllowed = policy.allows(request)
    isReported = policy.accepts(.trap, on: request)
  }

  /// The sentence to show.
  package var message: Text {
    var arguments = Text()
    for index in 0..<6 {
      let argument = request.arguments[index]
      arguments.append(index == 0 ? "0x\(hex: argument)" : ", 0x\(hex: argument)" as Text)
    }
    let verdict: StaticString = isAllowed ? "allows" : isReported ? "wants SIGSYS for" : "does not allow"
    return """
      architecture 0x\(hex: UInt64(request.architecture)), call \(request.number)(\(arguments)): the policy \(verdict) \
      it, the program answers \(action.name) (0x\(hex: UInt64(action.rawValue), width: 8))
      """
  }
}

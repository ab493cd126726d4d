import Host
package import Policy
import Text

/// A program that was proved equal to a policy, by two methods.
///
/// One is the proof that the tender makes before it starts. The other is decision diagrams, which share no code with
/// it.
package struct Verification: Sendable {
  package let name: String
  package let rules: Int
  package let instructions: Int
  package let paths: Int
  package let regions: Int
  /// Nanoseconds that binding, compiling, proving and comparing by diagrams took.
  package let bound, compiled, proved, compared: UInt64

  /// Verifies a program against a policy.
  ///
  /// A policy without a witness gets the program's own: a call that a filter answers with an error isn't made.
  ///
  /// - Throws: `VerificationError` with a call on which they differ, `Complaint` for a program that isn't modelled.
  package init(
    _ program: Program, against policy: Policy, name: String, bound: UInt64 = 0, compiled: UInt64 = 0
  ) throws {
    let start = Stopwatch.now
    var policy = policy
    if policy.witness == nil { policy.witness = Witness(answeredBy: program, on: policy.architecture) }
    let proof: Result<Proof, Refutation> = Result { () throws(Refutation) in try Proof(of: program, against: policy) }
    let proved = Stopwatch.now
    let differing = try Self.differingCall(program, policy, name)
    let compared = Stopwatch.now
    switch (proof, differing) {
    case (.success(let proof), nil):
      paths = proof.paths
      regions = proof.regions
    case (.failure(let refutation), let call?):
      let example = refutation.counterExample.map { String($0.message) } ?? call
      throw VerificationError(
        "\(name): refuted: \(String(refutation.reason)), at instruction \(refutation.instruction)\n  \(example)",
        isRefuted: true)
    case (.failure(let refutation), nil):
      throw VerificationError(
        """
        \(name): \(String(refutation.message))
          by decision diagrams the two do the same for every call; the tender's proof is too weak to show it, and a \
        tender would not start with this program
        """, isRefuted: false)
    case (.success, let call?):
      throw VerificationError(
        "\(name): THE PROOF IS WRONG: it accepts a program that differs\n  \(call)", isRefuted: true)
    }
    self.name = policy.witness == nil ? name : "\(name) with a witness"
    rules = policy.rules.count
    instructions = program.instructions.count
    self.bound = bound
    self.compiled = compiled
    self.proved = proved - start
    self.compared = compared - proved
  }

  /// A call on which the two differ, in words; nil if there is none.
  private static func differingCall(_ program: Program, _ policy: Policy, _ name: String) throws(Complaint) -> String? {
    var diagram = Diagram()
    let done = try diagram.add(program, name: name)
    let said = diagram.add(policy)
    let both = try diagram.combine(said, done) { $0 == $1 ? 0 : 1 }
    guard let request = diagram.example(of: both, where: { $0 == 1 }) else { return nil }
    let action = Action(rawValue: diagram.value(of: done, for: request))
    let arguments = (0..<6).map { String(hex: request.arguments[$0]) }.joined(separator: ", ")
    let verdict =
      policy.allows(request) ? "allows" : policy.accepts(.trap, on: request) ? "wants SIGSYS for" : "does not allow"
    let call =
      Architecture(rawValue: request.architecture).flatMap { Numbers.name(of: request.number, on: $0) } ?? "call"
    return """
      architecture \(String(hex: request.architecture)), \(call) (\(request.number)) with (\(arguments)): the policy \
      \(verdict) it, the program answers \(action.name) (\(String(hex: action.rawValue)))
      """
  }

  /// One line for people.
  package var text: String {
    func milliseconds(_ value: UInt64) -> String {
      let hundredths = (value + 5000) / 10000
      return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
    return """
      \(name.padded(to: 38)) proved: \(rules) rules, \(instructions) instructions, \(paths) paths, \(regions) regions; \
      ms: bind \(milliseconds(bound)), compile \(milliseconds(compiled)), prove \(milliseconds(proved)), \
      diagrams \(milliseconds(compared))\n
      """
  }
}

/// A program that isn't what the policy says, or wasn't shown to be.
package struct VerificationError: Error {
  package let message: String
  /// Whether a call shows the difference; without one the two may be equal, and the proof too weak.
  package let isRefuted: Bool

  init(_ message: String, isRefuted: Bool) {
    self.message = message
    self.isRefuted = isRefuted
  }
}

import Host
package import Policy
package import Text

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
  /// Whether the program's filter answers `getpid` to show that it is in force.
  private let hasWitness: Bool
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
        name, .refuted, "\(String(refutation.reason)), at instruction \(refutation.instruction)\n  \(example)")
    case (.failure(let refutation), nil):
      throw VerificationError(
        name, .notShown,
        """
        \(String(refutation.message))
          by decision diagrams the two do the same for every call; the tender's proof is too weak to show it, and a \
        tender would not start with this program
        """)
    case (.success, let call?):
      throw VerificationError(name, .refuted, "THE PROOF IS WRONG: it accepts a program that differs\n  \(call)")
    }
    self.name = name
    hasWitness = policy.witness != nil
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
      \("\(name)\(hasWitness ? " with a witness" : "")".padded(to: 38)) proved: \(rules) rules, \(instructions) instructions, \(paths) paths, \(regions) regions; \
      ms: bind \(milliseconds(bound)), compile \(milliseconds(compiled)), prove \(milliseconds(proved)), \
      diagrams \(milliseconds(compared))\n
      """
  }
}

// MARK: - For programs

extension Verification {
  /// What became of several programs as JSON; `docs/policy.md` describes it.
  ///
  /// - Parameters:
  ///   - proved: those that were proved.
  ///   - failure: why the next one wasn't, or nil if there is none.
  /// - Returns: the document.
  package static func json(_ proved: [Verification], _ failure: VerificationError?) -> Text {
    JSON.document(.policyProof) { json in
      json.array("programs") { json in
        for proof in proved { proof.write(to: &json) }
        guard let failure else { return }
        json.object(compact: true) { json in
          json.string("name", Text(failure.name))
          json.string("verdict", Text(failure.verdict.rawValue))
          json.string("reason", Text(failure.reason))
        }
      }
    }
  }

  private func write(to json: inout JSON) {
    json.object(compact: true) { json in
      json.string("name", Text(name))
      json.string("verdict", "proved")
      json.boolean("witness", hasWitness)
      json.number("rules", rules)
      json.number("instructions", instructions)
      json.number("paths", paths)
      json.number("regions", regions)
      json.object("microseconds") { json in
        json.number("bind", bound / 1000)
        json.number("compile", compiled / 1000)
        json.number("prove", proved / 1000)
        json.number("diagrams", compared / 1000)
      }
    }
  }
}

/// A program that isn't what the policy says, or wasn't shown to be.
package struct VerificationError: Error {
  /// What is known of it.
  package enum ProofVerdict: String, Sendable {
    /// A call shows the difference.
    case refuted
    /// The two may be equal, and the proof too weak.
    case notShown = "not_shown"
  }

  package let name: String
  package let verdict: ProofVerdict
  package let reason: String

  init(_ name: String, _ verdict: ProofVerdict, _ reason: String) {
    self.name = name
    self.verdict = verdict
    self.reason = reason
  }

  /// What is said to people.
  package var message: String { "\(name): \(verdict == .refuted ? "refuted: " : "")\(reason)" }
}

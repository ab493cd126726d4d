import Filters
package import Policy
package import Text

/// Every attempt on one target, made from its policy.
///
/// Each allowed call is pushed over each of its edges, and every other number is tried.
package struct Plan: Sendable {
  package let target: Target
  let architecture: Architecture
  let mode: Policy.Mode
  let attempts: [Attempt]
  /// The calls that are the only ones tried, by name; none for all.
  let calls: [String]

  /// - Parameters:
  ///   - target: the devices of the tender.
  ///   - architecture: the processor that the attempts are for.
  ///   - mode: what the tender does with a forbidden call. It must end the process in any case.
  ///   - isWitnessed: whether the tender's filter has a witness, because there is an outer filter.
  ///   - calls: the names of the only system calls to try; none for all.
  /// - Throws: `Complaint` where the policy can't be made, or the processor has no call of a name.
  package init(
    _ target: Target, architecture: Architecture = .native, mode: Policy.Mode = .kill, isWitnessed: Bool = false,
    calls: [String] = []
  ) throws(Complaint) {
    var launch = Target.Values.launch(target, architecture, mode)
    // Each tender draws its own; which calls are answered is the same in all.
    if isWitnessed { launch.witness = Witness(1024, 1024, 1024) }
    let maker = AttemptMaker(target, policy: try launch.policy(), launch: launch)
    self.target = target
    self.architecture = architecture
    self.mode = mode
    self.calls = calls
    guard calls.isEmpty else {
      attempts = try calls.map { (call) throws(Complaint) in
        let attempts = maker.attempts(of: call)
        guard !attempts.isEmpty else { throw Complaint("\(call.shown): no system call of \(architecture.name)") }
        return attempts
      }.flatMap(\.self)
      return
    }
    attempts = maker.numbers() + maker.strangeNumbers() + maker.otherInterfaces() + maker.arguments()
  }

  /// What the chosen calls are to the policy, one line each; empty where all calls are tried.
  package var introduction: String {
    calls.map { call in
      let attempts = attempts.filter { $0.subject == call }
      let (deadly, all) = (attempts.count { $0.expectation == .dies }, attempts.count)
      let words =
        attempts.contains { $0.expectation == .lives || $0.expectation == .answered }
        ? "allowed with certain arguments: \(deadly) attempts outside of them must die, \(all - deadly) within must live"
        : attempts.contains { $0.expectation == .refused }
          ? "some kernels ask no filter about it: each of \(all) attempts must die or be refused"
          : "never allowed: each of \(all) attempts must die"
      return "\(call) in \(title): \(words)\n"
    }.joined()
  }

  /// The target's name, and the mode if it isn't `kill`.
  package var title: String { mode == .kill ? target.rawValue : "\(target.rawValue), report" }

  /// How many attempts there are.
  package var count: Int { attempts.count }

  /// One attempt a line.
  ///
  /// Tabs separate the target, the category, the expectation (`dies`, `lives` or `refused`), the call as the probe
  /// reads it, and the attempt's name.
  package var text: String {
    attempts.map { attempt in
      [title, attempt.category.rawValue, attempt.expectation.rawValue, attempt.call, attempt.name]
        .joined(separator: "\t") + "\n"
    }.joined()
  }

  /// The attempts of some plans as JSON, described in `docs/attack.md`.
  package static func json(_ plans: [Plan]) -> Text {
    JSON.document(.attackList) { json in
      json.array("attempts") { json in
        for plan in plans {
          for attempt in plan.attempts {
            json.object(compact: true) { json in
              json.string("target", Text(plan.title))
              json.string("category", Text(attempt.category.rawValue))
              json.string("expected", Text(attempt.expectation.rawValue))
              json.string("call", Text(attempt.call))
              json.string("name", Text(attempt.name))
            }
          }
        }
      }
    }
  }
}

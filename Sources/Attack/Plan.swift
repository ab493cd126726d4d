package import Listing
package import Policy

/// Every attempt on one target, made from its policy: each allowed call pushed over each of its edges, and every other
/// number that there is.
package struct Plan: Sendable {
  package let target: Target
  let architecture: Architecture
  let attempts: [Attempt]

  /// - Throws: `Complaint` where the policy can't be made.
  package init(_ target: Target, architecture: Architecture = .native) throws(Complaint) {
    let launch = Target.Values.launch(target, architecture)
    let maker = AttemptMaker(target, policy: try launch.policy(), launch: launch)
    self.target = target
    self.architecture = architecture
    attempts = maker.numbers() + maker.strangeNumbers() + maker.otherInterfaces() + maker.arguments()
  }

  /// How many attempts there are.
  package var count: Int { attempts.count }

  /// One attempt a line, with tabs: target, category, `dies`, `lives` or `refused`, the call as the probe reads it, and its name.
  package var text: String {
    attempts.map { attempt in
      [target.rawValue, attempt.category.rawValue, attempt.expectation.rawValue, attempt.call, attempt.name]
        .joined(separator: "\t") + "\n"
    }.joined()
  }
}

package import Host
package import Text

/// How much of the seal the tender may do without.
package enum Confinement: Sendable {
  /// Every step but the best-effort ones.
  case full
  /// A forgivable step is left out if it is refused, as in a container that forbids namespaces.
  case fallback

  /// The option's value.
  package var name: StaticString {
    switch self {
    case .full: "full"
    case .fallback: "fallback"
    }
  }
}

/// A required step was refused: no guest runs.
package struct Refusal: Error, Equatable {
  /// The step that was refused.
  package let step: Step
  /// The kernel's reason.
  package let reason: Text
  /// What to do about this cause, nil for what the step's description advises.
  package let remedy: Text?

  package init(step: Step, reason: Text, remedy: Text? = nil) {
    self.step = step
    self.reason = reason
    self.remedy = remedy
  }

  /// The one line that says which step, why, and what to do.
  package var message: Text {
    let description = step.description
    let less: StaticString = description.necessity == .forgivable ? ", or accept less with --confine=fallback" : ""
    return "cannot seal: \(description.name): \(reason): \(remedy ?? "\(description.remedy)")\(less)"
  }
}

/// What became of each step so far.
package struct Seal {
  /// What became of a step.
  package struct Record: Equatable, Sendable {
    package let step: Step
    /// Nil where the step is in force; else why it isn't.
    package let unavailable: Text?
    /// What to do about this cause, nil for what the step's description advises.
    package let remedy: Text?

    package init(step: Step, unavailable: Text? = nil, remedy: Text? = nil) {
      self.step = step
      self.unavailable = unavailable
      self.remedy = remedy
    }
  }

  /// How much of the seal may be missing.
  package let confinement: Confinement
  /// The steps taken so far, in order.
  package private(set) var records: [Record] = []
  /// Lines for standard error.
  package private(set) var warnings: [Text] = []

  /// The Landlock ABI version that the domain was made with, 0 without a domain.
  package internal(set) var landlockVersion = 0

  /// The tender's user and groups, asked before it enters its namespaces, in which groups have no ids.
  package internal(set) var owner: Identity.Owner?

  /// Which net namespace the tender is in, or makes; without one of either kind, the step of that name is unavailable.
  package internal(set) var netNamespace = NetNamespace.own(because: nil)
  /// What to do about a prepared one that was there and wasn't joined.
  package internal(set) var netNamespaceRemedy: Text?

  /// Whether an outer filter may be in force, which could answer calls in the kernel's place.
  package var mayBeAnswered = true

  /// Whether remedies are wanted for forgiven steps too; finding one takes children and time.
  package var explainsForgiven = false

  package init(_ confinement: Confinement) { self.confinement = confinement }

  /// Whether a step was taken and is in force.
  package func isApplied(_ step: Step) -> Bool {
    records.contains { $0.step == step && $0.unavailable == nil }
  }

  /// Takes a step and records what came of it.
  ///
  /// - Throws: a refusal where the step is required, or forgivable and not forgiven.
  package mutating func take(_ step: Step, _ body: () throws(SystemError) -> Void) throws(Refusal) {
    if Omission.concerns(step) { return }
    do throws(SystemError) {
      try body()
      records.append(Record(step: step))
    } catch {
      try miss(step, error)
    }
  }

  /// Takes a step that must end with evidence that it is in force, and records what came of it.
  ///
  /// - Throws: a refusal where the step is required, or forgivable and not forgiven.
  package mutating func establish(_ step: Step, _ body: () throws(SystemError) -> StepEvidence) throws(Refusal) {
    try take(step) { () throws(SystemError) in _ = try body() }
  }

  /// Records a step that was taken elsewhere and is in force.
  package mutating func record(_ step: Step) {
    if Omission.concerns(step) { return }
    records.append(Record(step: step))
  }

  /// Records that the kernel refused a step.
  ///
  /// - Throws: a refusal where the step is required, or forgivable and not forgiven.
  package mutating func miss(_ step: Step, _ error: SystemError) throws(Refusal) {
    let isExplained =
      switch step.description.necessity {
      case .required: true
      case .forgivable: confinement == .full || explainsForgiven
      case .bestEffort: false
      }
    try miss(step, error.message, remedy: isExplained ? remedy(for: step, error) : nil)
  }

  /// Records that a step can't be taken.
  ///
  /// - Parameters:
  ///   - step: the step.
  ///   - reason: why it can't be taken.
  ///   - remedy: what to do about this cause, nil for what the step's description advises.
  /// - Throws: a refusal where the step is required, or forgivable and not forgiven.
  package mutating func miss(_ step: Step, _ reason: Text, remedy: Text? = nil) throws(Refusal) {
    let description = step.description
    switch description.necessity {
    case .required: throw Refusal(step: step, reason: reason, remedy: remedy)
    case .forgivable:
      guard confinement == .fallback else { throw Refusal(step: step, reason: reason, remedy: remedy) }
      warn("running without \(description.name): \(reason)")
    case .bestEffort: break
    }
    records.append(Record(step: step, unavailable: reason, remedy: remedy))
  }

  /// Records what a step that was just taken lacks.
  package mutating func amend(_ step: Step, _ reason: Text) {
    guard records.last?.step == step else { return }
    records.removeLast()
    note(step, reason)
  }

  /// Records why a step isn't in force though it was not refused.
  package mutating func note(_ step: Step, _ reason: Text) { records.append(Record(step: step, unavailable: reason)) }

  /// Keeps a line for standard error.
  package mutating func warn(_ line: Text) { warnings.append(line) }
}

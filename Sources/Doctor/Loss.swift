/// What a missing thing costs and how it is had.
package struct Loss: Equatable, Sendable {
  /// What a missing thing costs, the worst first.
  package enum Effect: String, CaseIterable, Sendable {
    /// `brig-hvt` doesn't start, with whatever options.
    case refused
    /// `brig-hvt` starts with `--confine=fallback` only.
    case fallback
    /// The seal is in force without a part that is best effort, or the guest gets more of KVM.
    case weaker
    /// Some guests can't be run, or run slower; the seal lacks nothing.
    case limited
    case none
  }

  package let effect: Effect
  package let cost: String
  package let fix: String

  package init(_ effect: Effect, _ cost: String, fix: String) {
    self.effect = effect
    self.cost = cost
    self.fix = fix
  }
}

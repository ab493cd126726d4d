/// What a missing thing costs and how it is had.
package struct Loss: Equatable, Sendable {
  package let effect: HostFinding.Effect
  package let cost: String
  package let fix: String

  package init(_ effect: HostFinding.Effect, _ cost: String, fix: String) {
    self.effect = effect
    self.cost = cost
    self.fix = fix
  }
}

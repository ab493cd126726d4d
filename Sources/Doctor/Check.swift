/// One question that the doctor asks of the host.
struct Check: Sendable {
  let group: Finding.Group
  let name: String
  let ask: @Sendable (Evidence) -> Answer

  init(_ group: Finding.Group, _ name: String, _ ask: @escaping @Sendable (Evidence) -> Answer) {
    self.group = group
    self.name = name
    self.ask = ask
  }

  func finding(_ evidence: Evidence) -> Finding { Finding(group, name, ask(evidence)) }
}

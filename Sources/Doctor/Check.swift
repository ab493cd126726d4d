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

  /// Asks; what the tender's own code has just done without isn't missing, whatever a table says of it.
  func finding(_ evidence: Evidence) -> Finding {
    let answer = ask(evidence)
    if case .missing(let detail, let loss) = answer, loss.effect == .refused, evidence.rehearsal.isComplete {
      return Finding(group, name, .information("\(detail), and a child was sealed all the same"))
    }
    return Finding(group, name, answer)
  }
}

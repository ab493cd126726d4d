/// One question that the doctor asks of the host.
struct HostCheck: Sendable {
  let group: HostFinding.Group
  let name: String
  let ask: @Sendable (HostEvidence) -> HostAnswer

  init(_ group: HostFinding.Group, _ name: String, _ ask: @escaping @Sendable (HostEvidence) -> HostAnswer) {
    self.group = group
    self.name = name
    self.ask = ask
  }

  /// Asks; what the tender's own code has just done without isn't missing, whatever a table says of it.
  func finding(_ evidence: HostEvidence) -> HostFinding {
    let answer = ask(evidence)
    if case .missing(let detail, let loss) = answer, loss.effect == .refused, evidence.rehearsal.isComplete {
      return HostFinding(group, name, .information("\(detail), and a child was sealed all the same"))
    }
    return HostFinding(group, name, answer)
  }
}

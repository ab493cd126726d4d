import Text

extension Doctor {
  private static let width = 110
  private static let marks: [HostState: String] = [
    .ok: "ok", .missing: "MISSING", .unknown: "?", .notApplicable: "-", .information: "note",
  ]
  /// What has only its name told, so that the rest is seen at a glance.
  private static let folded: Set<HostState> = [.ok, .unknown]
  private static let headings: [HostFinding.Group: String] = [
    .host: "Host", .kvm: "KVM", .guest: "What the guest is not given of KVM",
    .namespaces: "Who may restrict namespaces", .process: "This process", .seal: "The seal",
    .devices: "Networks",
  ]

  /// Tells people what was found.
  ///
  /// - Parameter everything: whether what is well or unknown has a line each, or is named only.
  /// - Returns: the lines, of which the last has the verdict.
  package func text(everything: Bool) -> String {
    var text = "Linux \(kernel ?? "of an unknown release") on \(Self.architecture), for user \(user.name)\n"
    for group in HostFinding.Group.allCases {
      let members = findings.filter { $0.group == group }
      guard !members.isEmpty else { continue }
      text += "\n\(Self.headings[group] ?? group.rawValue)\n"
      if everything {
        text += members.map(Self.lines).joined()
      } else {
        text += Self.names(members, .ok)
        text += members.filter { !Self.folded.contains($0.state) }.map(Self.lines).joined()
        text += Self.names(members, .unknown)
      }
    }
    return "\(text)\n\(summary)\n"
  }

  /// One line for the verdict, and what it rests on.
  package var summary: String {
    func names(_ effect: Loss.Effect) -> String { missing(effect).map(\.name).joined(separator: " ") }
    let rest = missing(.weaker)
    let weaker = rest.isEmpty ? "" : "; best effort and missing: \(names(.weaker))"
    switch verdict {
    case .full: return "YES: brig-hvt runs here with a full seal\(weaker)"
    case .fallback:
      return "NO: brig-hvt refuses to start here but with --confine=fallback, for want of: \(names(.fallback))\(weaker)"
    case .refused: return "NO: brig-hvt doesn't start here, for want of: \(names(.refused))"
    }
  }

  /// The names of what is in a state, in as many lines as it takes.
  private static func names(_ findings: [HostFinding], _ state: HostState) -> String {
    var lines: [String] = []
    for finding in findings where finding.state == state {
      if let last = lines.last, last.count + finding.name.count < width - 12 {
        lines[lines.count - 1] = "\(last) \(finding.name)"
      } else {
        lines.append(finding.name)
      }
    }
    let mark = marks[state] ?? ""
    return lines.enumerated().map { "  \(($0 == 0 ? mark : "").padded(to: 8)) \($1)\n" }.joined()
  }

  private static func lines(_ finding: HostFinding) -> String {
    func line(_ mark: String, _ name: String, _ words: String) -> String {
      "  \(mark.padded(to: 8)) \(name.padded(to: 26)) \(words)\n"
    }
    var text = line(marks[finding.state] ?? "", finding.name, finding.line)
    if !finding.cost.isEmpty { text += line("", "  costs", finding.cost) }
    if !finding.fix.isEmpty { text += line("", "  fix", finding.fix) }
    return text
  }
}

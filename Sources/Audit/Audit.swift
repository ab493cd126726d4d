package import Receipts
package import Text

/// What a live process lacks of a sealed tender, with a score.
package struct Audit: Sendable {
  /// The process's number and its name, which it chose itself.
  package let title: Text
  package let process: Int32
  package let findings: [AuditFinding]

  /// Looks at a process.
  ///
  /// - Parameters:
  ///   - process: its id.
  ///   - receipt: what it wrote when it was sealed, or nil.
  /// - Throws: `Complaint` where there is no such process, or it ends meanwhile.
  package init(of process: Int32, receipt: ReceiptRecord?) throws(Complaint) {
    try self.init(of: Subject(process), receipt: receipt)
  }

  /// Looks at a process that may end at any time.
  init(of subject: Subject, receipt: ReceiptRecord?) throws(Complaint) {
    let evidence = ProcessEvidence(subject, receipt: receipt)
    title = subject.title
    process = subject.process
    findings = AuditCheck.all.map { $0.finding(evidence) }
    try subject.demandRunning()
  }

  private func weight(_ verdict: AuditVerdict) -> Int {
    findings.reduce(0) { $0 + ($1.verdict == verdict ? $1.weight : 0) }
  }

  /// The weight of all checks, of those that passed, of those that could be seen, and of those that couldn't.
  package var weight: Int { earnedWeight + weight(.no) + unseenWeight }
  package var earnedWeight: Int { weight(.yes) }
  package var seenWeight: Int { earnedWeight + weight(.no) }
  package var unseenWeight: Int { weight(.unseen) }

  /// Out of a hundred: the weight of the checks that passed, of all.
  ///
  /// - Parameter unseen: whether what could not be seen is left out, in place of being lost.
  /// - Returns: 0 to 100.
  package func score(allowing unseen: Bool) -> Int {
    let whole = unseen ? seenWeight : weight
    return whole == 0 ? 0 : earnedWeight * 100 / whole
  }

  /// The findings for people; what the process wrote, as the names of its files, is shown without control characters.
  package func text(allowing unseen: Bool) -> String {
    let marks: [AuditVerdict: String] = [.yes: "yes", .no: "NO", .unseen: "?"]
    var text = "\(title.shown)\n"
    for finding in findings {
      let mark = (marks[finding.verdict] ?? "").padded(to: 4)
      text +=
        "  \(mark) \(finding.name.padded(to: 26)) \("\(finding.weight)".padded(to: 3)) \(Text(finding.line).shown)\n"
    }
    text += "score \(score(allowing: unseen)) of 100: \(earnedWeight) of \(seenWeight) seen"
    text += ", \(unseenWeight) of \(weight) not seen"
    let hidden = findings.filter { $0.verdict == .unseen }
    if !hidden.isEmpty {
      text += " and \(unseen ? "left out" : "lost"): \(hidden.map(\.name).joined(separator: " "))"
    }
    return text + "\n"
  }

  /// The findings as JSON; `docs/audit.md` describes it.
  package func json(allowing unseen: Bool) -> Text {
    var json = JSON()
    json.object { json in
      json.string("schema", "brig-audit")
      json.number("version", 2)
      json.number("pid", process)
      json.string("process", title)
      json.number("score", score(allowing: unseen))
      json.number("weight", weight)
      json.number("weight_earned", earnedWeight)
      json.number("weight_seen", seenWeight)
      json.number("weight_not_seen", unseenWeight)
      json.array("checks") { json in
        for finding in findings {
          json.object(compact: true) { json in
            json.string("name", Text(finding.name))
            json.number("weight", finding.weight)
            json.string("verdict", Text(finding.verdict.rawValue))
            json.string("detail", Text(finding.detail))
          }
        }
      }
    }
    return json.text
  }
}

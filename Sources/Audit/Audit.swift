package import Listing
package import Text

/// What a live process lacks of a sealed tender, with a score.
package struct Audit: Sendable {
  package let title: String
  package let process: Int32
  package let findings: [Finding]

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
    let evidence = Evidence(subject, receipt: receipt)
    title = subject.title
    process = subject.process
    findings = Checks.all.map { $0.finding(evidence) }
    try subject.demandRunning()
  }

  /// Out of a hundred: the weight of the checks that passed, of all that could be seen.
  package var score: Int {
    let counted = findings.filter { $0.verdict == .yes || $0.verdict == .no }
    let whole = counted.reduce(0) { $0 + $1.weight }
    return whole == 0 ? 0 : findings.reduce(0) { $0 + ($1.verdict == .yes ? $1.weight : 0) } * 100 / whole
  }

  /// The weight that could not be seen.
  package var unseenWeight: Int { findings.reduce(0) { $0 + ($1.verdict == .unseen ? $1.weight : 0) } }

  /// The findings for people; what the process wrote, as the names of its files, is shown without control characters.
  package var text: String {
    let marks: [Finding.Verdict: String] = [.yes: "yes", .no: "NO", .unseen: "?", .notApplicable: "-"]
    var text = "\(Text(title).shown)\n"
    for finding in findings {
      let mark = (marks[finding.verdict] ?? "").padded(to: 4)
      text +=
        "  \(mark) \(finding.name.padded(to: 26)) \("\(finding.weight)".padded(to: 3)) \(Text(finding.detail).shown)\n"
    }
    text += "score \(score) of 100"
    let unseen = findings.filter { $0.verdict == .unseen }
    if !unseen.isEmpty {
      text += "; not seen and left out, weight \(unseenWeight): \(unseen.map(\.name).joined(separator: " "))"
    }
    return text + "\n"
  }

  /// The findings as JSON; `docs/audit.md` describes it.
  package var json: Text {
    var json = JSON()
    json.object { json in
      json.string("schema", "brig-audit")
      json.number("version", 1)
      json.number("pid", process)
      json.string("process", Text(title))
      json.number("score", score)
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

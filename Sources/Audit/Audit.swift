import Confinement
import Filters
package import Policy
package import Receipts
package import Text

/// What a live process lacks of a sealed tender, with a score.
package struct Audit: Sendable {
  /// The process's number and its name, which it chose itself.
  package let title: Text
  package let process: Int32
  package let findings: [AuditFinding]
  private let filters: Result<[InstalledFilters.Stack], Doubt>

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
    filters = evidence.filters
    try subject.demandRunning()
  }

  /// The names of all checks.
  package static var checks: [String] { AuditCheck.all.map(\.name) }

  /// Which of some checks don't say yes.
  package func lacking(of checks: [String]) -> [String] {
    checks.filter { name in findings.first { $0.name == name }?.verdict != .yes }
  }

  /// The answer about a step of the seal.
  func verdict(on step: Step) -> AuditVerdict {
    findings.first { $0.name == "\(step.description.name)" }?.verdict ?? .unseen
  }

  /// The program that was installed last, which is the one that the audit proves.
  ///
  /// - Throws: `Complaint` where there is none, where it may not be seen, or where threads have different ones.
  package func installedProgram() throws(Complaint) -> Program {
    do throws(Doubt) {
      let stacks = try filters.get()
      guard let program = stacks.first?.programs.last else { throw .refuted("it has no filter") }
      guard stacks.allSatisfy({ $0.programs.last == program }) else {
        throw .refuted("its threads have different ones")
      }
      return program
    } catch {
      let words = if case .unseen = error { "it takes \(error.words)" } else { error.words }
      throw Complaint("\(process): no filter that can be copied: \(words)")
    }
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

  /// The findings for people, and behind them the remedies, in the same columns.
  ///
  /// What the process wrote, as the names of its files, is shown without control characters.
  ///
  /// - Parameters:
  ///   - unseen: whether what could not be seen is left out of the score.
  ///   - width: how many columns there are; nil for lines of any length, one for each finding and remedy.
  /// - Returns: the text.
  package func text(allowing unseen: Bool, width: Int? = nil) -> String {
    func row(_ mark: String, _ finding: AuditFinding, _ words: String) -> String {
      let head = "  \(mark.padded(to: 4)) \(finding.name.padded(to: 26)) \("\(finding.weight)".padded(to: 3)) "
      return "\(head)\(words.wrapped(to: width, behind: head.count))\n"
    }
    let marks: [AuditVerdict: String] = [.yes: "yes", .no: "NO", .unseen: "?"]
    var text = "\(title.shown)\n"
    for finding in findings {
      text += row(marks[finding.verdict] ?? "", finding, Text(finding.line).shown)
    }
    let lacking = findings.filter { $0.verdict == .no }
    // What gains most comes first.
    for weight in Set(lacking.map(\.weight)).sorted(by: >) {
      for finding in lacking where finding.weight == weight { text += row("fix", finding, finding.remedy ?? "") }
    }
    return text + summary(allowing: unseen).wrapped(to: width, behind: 2) + "\n"
  }

  /// The score in full.
  private func summary(allowing unseen: Bool) -> String {
    var text = "score \(score(allowing: unseen)) of 100: \(earnedWeight) of \(seenWeight) seen"
    text += ", \(unseenWeight) of \(weight) not seen"
    let hidden = findings.filter { $0.verdict == .unseen }
    if !hidden.isEmpty {
      text += " and \(unseen ? "left out" : "lost"): \(hidden.map(\.name).joined(separator: " "))"
    }
    return text
  }

  /// The findings as JSON; `docs/audit.md` describes it.
  package func json(allowing unseen: Bool) -> Text {
    JSON.document(.audit) { json in write(to: &json, allowing: unseen) }
  }

  /// The findings of several processes, as a JSON array.
  package static func json(_ audits: [Audit], allowing unseen: Bool) -> Text {
    JSON.documents(.audit, of: audits) { audit, json in audit.write(to: &json, allowing: unseen) }
  }

  private func write(to json: inout JSON, allowing unseen: Bool) {
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
          if let remedy = finding.remedy { json.string("remedy", Text(remedy)) }
        }
      }
    }
  }
}

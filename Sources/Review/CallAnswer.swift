import CLinux
import Filters
import Policy
package import Text

/// Whether a policy allows a call that a person asks about, and by which rule or why not.
package struct CallAnswer: Sendable {
  /// What the policy says.
  package enum Verdict: String, Sendable {
    case allowed
    /// Allowed with some values of the arguments that are left open.
    case allowedForSome = "allowed_for_some"
    case notAllowed = "not_allowed"
  }

  /// What one rule of the call says about an argument.
  enum Judgement: String, Sendable {
    case admitted, refused, open
  }

  /// What one rule of the call says.
  struct Opinion: Sendable {
    let rule: Rule
    let judgements: [Judgement]

    /// Whether the rule allows the call, with some values of what is open.
    var admits: Bool { !judgements.contains(.refused) }
    var refusals: Int { judgements.count { $0 == .refused } }
  }

  let question: CallQuestion
  let launch: Launch
  let policy: Policy
  /// Where the launch is from, for people.
  let subject: String
  /// The rules of this call: first those that allow it, then those that lack least.
  let opinions: [Opinion]
  package let verdict: Verdict
  /// What the program does with the call, zeros in place of what is open.
  let action: Action

  /// Answers a question.
  ///
  /// - Parameters:
  ///   - question: the call.
  ///   - listing: the policy of a selection or a receipt.
  ///   - subject: where that is from, for people.
  /// - Throws: `Complaint` if the compiled program can't be read, or it and the policy differ on the call.
  package init(to question: CallQuestion, by listing: PolicyListing, subject: String) throws(Complaint) {
    self.question = question
    self.subject = subject
    let policy = listing.policy
    (launch, self.policy) = (listing.launch, policy)
    let all = policy.rules.filter { $0.call.number(on: policy.architecture) == question.number }.map { rule in
      Opinion(
        rule: rule,
        judgements: rule.conditions.enumerated().map { index, condition in
          guard case .value(let value) = question.words[index] else { return .open }
          return condition.admits(value) ? .admitted : .refused
        })
    }
    opinions = all.filter(\.admits) + all.filter { !$0.admits }.sorted { $0.refusals < $1.refusals }
    let isAllowed = opinions.first?.admits == true
    verdict = !isAllowed ? .notAllowed : question.isOpen ? .allowedForSome : .allowed
    var request = Request(architecture: policy.architecture.rawValue, number: question.number)
    for (index, word) in question.words.enumerated() {
      if case .value(let value) = word { request.arguments[index] = value }
    }
    do throws(Refutation) {
      action = try DecodedProgram(decoding: listing.program).action(for: request)
    } catch {
      throw Complaint("\(subject): \(String(error.message))")
    }
    // The tender's proof is about all calls; this is the one that is asked about.
    guard policy.accepts(action, on: request), question.isOpen || (action == .allow) == (verdict == .allowed) else {
      throw Complaint("\(subject): the program and the policy differ on \(question.text.shown)")
    }
  }
}

// MARK: - For people

extension CallAnswer {
  /// How many rules that refuse the call are shown to people.
  private static let most = 8

  /// The answer for people.
  package var text: String {
    var text = "\(question.text.shown) in \(subject.shown): \(headline)\n"
    let admitting = opinions.filter(\.admits)
    for opinion in admitting { text += paragraph(opinion) }
    if admitting.isEmpty {
      for opinion in opinions.prefix(Self.most) { text += paragraph(opinion) }
      let rest = opinions.count - Self.most
      if rest > 0 { text += "  and \(rest) more rules that don't, which --json lists\n" }
    }
    return text
  }

  private var headline: String {
    switch verdict {
    case .allowed: return "allowed"
    case .allowedForSome: return "allowed for these values, and for no others"
    case .notAllowed:
      let reason = opinions.isEmpty ? ", whatever its arguments: no rule of this filter names it" : ""
      return "not allowed\(reason); \(consequence)"
    }
  }

  /// What happens to the call that isn't allowed.
  var consequence: String {
    guard let other = Numbers.unasked(question.number, on: policy.architecture) else { return filterConsequence }
    return "where the kernel asks the filter, \(filterConsequence); newer kernels ask no filter about it, and \(other)"
  }

  /// What the filter does with the call that isn't allowed.
  private var filterConsequence: String {
    let isWitness = question.number == policy.architecture.witnessNumber && policy.witness != nil
    if isWitness, question.words[0] == .open {
      return "with 0, 1 and 2 the filter answers with an error in place of making it, else the kernel ends the tender"
    }
    if let error = action.errorNumber { return "the filter answers with error \(error) in place of making it" }
    return action == .trap
      ? "the kernel sends SIGSYS, whose handler names the call and ends the tender"
      : "the kernel ends the tender by SIGSYS"
  }

  private func paragraph(_ opinion: Opinion) -> String {
    let rule = opinion.rule
    var text = "  rule \(rule.name.shown), policies/\(rule.file):\(rule.position.line), for \(rule.hypercall.shown)"
    text += opinion.admits ? ":\n" : " doesn't allow it:\n"
    for (index, condition) in rule.conditions.enumerated() {
      let name = rule.call.row.arguments[index]
      let wanted = launch.words(condition, of: name)
      text += "    \("\(name)".padded(to: 11))"
      guard case .value(let value) = question.words[index] else {
        text += "\(wanted)\n"
        continue
      }
      let given = ArgumentSet.number(value)
      let isAdmitted = opinion.judgements[index] == .admitted
      text += "\(given)\(isAdmitted ? ": yes: " : ": NO; wanted: ")\(wanted)\n"
    }
    return text
  }
}

// MARK: - For programs

extension CallAnswer {
  /// The answer as JSON; `docs/policy.md` describes it.
  package var json: Text {
    JSON.document(.policyAnswer) { json in
      json.string("asked", Text(question.text))
      json.string("of", Text(subject))
      json.string("architecture", "\(policy.architecture.name)")
      json.string("syscall", Text(question.name))
      json.number("number", question.number)
      json.string("verdict", Text(verdict.rawValue))
      if verdict == .notAllowed { json.string("consequence", Text(consequence)) }
      json.boolean("asked_by_all_kernels", !Numbers.isUnasked(question.number, on: policy.architecture))
      json.array("rules") { json in for opinion in opinions { write(opinion, &json) } }
    }
  }

  private func write(_ opinion: Opinion, _ json: inout JSON) {
    let rule = opinion.rule
    json.object { json in
      rule.writePlace(to: &json)
      json.boolean("allows", opinion.admits)
      json.array("arguments") { json in
        for (index, condition) in rule.conditions.enumerated() {
          json.object(compact: true) { json in
            json.string("name", "\(rule.call.row.arguments[index])")
            json.string("verdict", Text(opinion.judgements[index].rawValue))
            if case .value(let value) = question.words[index] { json.string("given", Text(String(hex: value))) }
            condition.write(to: &json)
            json.string("means", Text(launch.words(condition, of: rule.call.row.arguments[index])))
          }
        }
      }
    }
  }
}

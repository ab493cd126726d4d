package import Confinement
import Procfs
package import Text

/// What came of sealing a process of the doctor's own, step by step, by the tender's own code.
package struct Rehearsal: Equatable, Sendable {
  /// What became of a step or of a restriction of KVM's.
  package struct Record: Equatable, Sendable {
    package let name: String
    /// Nil where it is in force; else why it isn't.
    package let unavailable: String?
    /// What the tender advises for this cause, nil for what it always does.
    package let remedy: String?

    package init(_ name: String, unavailable: String? = nil, remedy: String? = nil) {
      self.name = name
      self.unavailable = unavailable
      self.remedy = remedy
    }
  }

  /// A step that a tender doesn't start without.
  package struct Refused: Equatable, Sendable {
    package let step: String
    package let reason: String
    /// What the tender advises for this cause, nil for what it always does.
    package let remedy: String?

    package init(_ step: String, _ reason: String, remedy: String? = nil) {
      self.step = step
      self.reason = reason
      self.remedy = remedy
    }
  }

  package var confinement = Confinement.full
  package var steps: [Record] = []
  /// What the guest is not given of KVM.
  package var restrictions: [Record] = []
  package var refusals: [Refused] = []
  /// What ended it before its end besides, in the tender's words.
  package var failure: String?
  /// What the tender advises about that, where it does.
  package var advice: String?
  package var warnings: [String] = []
  /// The Landlock ABI version, 0 without a domain.
  package var landlock = 0

  /// Which net namespace the child entered; nil where it ended before.
  package var netNamespace: NetNamespace?
  /// What the tender advises about a prepared one that the child didn't join.
  package var netNamespaceRemedy: String?

  package init() {}

  /// Whether each step of the seal was told of, and none that is required was refused.
  ///
  /// The receipt's is had where it is asked for.
  package var isComplete: Bool {
    let told = Set(steps.map(\.name))
    return refusals.isEmpty && failure == nil
      && Step.allCases.allSatisfy { $0 == .receipt || told.contains("\($0.description.name)") }
  }

  /// Whether a step is in force.
  package func has(_ step: Step) -> Bool {
    steps.contains { $0.name == "\(step.description.name)" && $0.unavailable == nil }
  }

  /// Whether a step was refused for which `--confine=fallback` would go on.
  package var wantsFallback: Bool {
    refusals.contains { refused in
      Step.allCases.contains { "\($0.description.name)" == refused.step && $0.description.necessity == .forgivable }
    }
  }
}

// MARK: - What the child says

extension Rehearsal {
  /// The first word of a line; fields are separated by tabs.
  enum Word {
    static let step = "step"
    static let restriction = "restriction"
    static let refused = "refused"
    static let failed = "failed"
    static let warning = "warning"
    static let landlock = "landlock"
    static let preparedNet = "prepared net namespace"
    static let ownNet = "own net namespace"
  }

  /// Reads what a child said.
  ///
  /// Whatever isn't in these words is a message of a signal handler's, and the end.
  package init(_ confinement: Confinement, reading text: Text, status: Int32?, signal: Int32) {
    self.confinement = confinement
    for line in text.lines { read(line.fields(0x09)) }
    guard failure == nil else { return }
    if signal != 0 { failure = "ended by signal \(signal)" }
    if signal == 0, refusals.isEmpty, status != 0 || !isComplete { failure = "ended too early" }
  }

  private mutating func read(_ fields: [Text]) {
    let words = fields.map(\.shown)
    switch (words.first, words.count) {
    case (Word.step, 2...4):
      steps.append(Record(words[1], unavailable: words.dropFirst(2).first, remedy: words.dropFirst(3).first))
    case (Word.restriction, 2...3): restrictions.append(Record(words[1], unavailable: words.dropFirst(2).first))
    case (Word.refused, 3...4): refusals.append(Refused(words[1], words[2], remedy: words.dropFirst(3).first))
    case (Word.landlock, 2): landlock = fields[1].integer ?? 0
    case (Word.preparedNet, 2): netNamespace = fields[1].number(radix: UInt64(10)).map { .prepared(inode: $0) }
    case (Word.ownNet, 1...3):
      netNamespace = .own(because: fields.dropFirst().first)
      netNamespaceRemedy = words.dropFirst(2).first
    case (Word.warning, 2): warnings.append(words[1])
    case (Word.failed, 2): fail(fields[1])
    default: fail(Text(words.joined(separator: " ")))
    }
  }

  /// Keeps the first message; the tender's own about a step is that step's refusal.
  private mutating func fail(_ message: Text) {
    // A reason has two parts: the call, and what the kernel said.
    let words = message.fields(UInt8(ascii: ":"), atMost: 5).map(\.trimmed)
    if words.count == 5, words[0] == "cannot seal" {
      refusals.append(Refused(words[1].shown, "\(words[2].shown): \(words[3].shown)", remedy: words[4].shown))
    } else if failure == nil {
      let line = message.after("brig-hvt: ") ?? message
      let halves = line.fields(UInt8(ascii: ":"), atMost: 2).map(\.trimmed)
      // What it is that the tender refuses, and what to do about it.
      let isAdvised =
        halves.count == 2
        && (line.begins(with: "an outer seccomp filter forbids ") || line.begins(with: "refusing to run with "))
      (failure, advice) = isAdvised ? (halves[0].shown, halves[1].shown) : (line.shown, nil)
    }
  }
}

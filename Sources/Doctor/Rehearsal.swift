package import Confinement
import Procfs
package import Text

/// What came of sealing a process of the doctor's own, step by step, by the tender's own code.
package struct Rehearsal: Equatable, Sendable {
  /// What became of a restriction of KVM's.
  package struct Restricted: Equatable, Sendable {
    package let name: String
    /// Nil where it is in force; else why it isn't.
    package let unavailable: Text?

    package init(_ name: String, unavailable: Text? = nil) {
      self.name = name
      self.unavailable = unavailable
    }
  }

  package var confinement = Confinement.full
  /// What became of each step that was taken, or gone without.
  package var steps: [Seal.Record] = []
  /// What the guest is not given of KVM.
  package var restrictions: [Restricted] = []
  /// The steps that a tender doesn't start without.
  package var refusals: [Refusal] = []
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

  /// Whether each step of the seal that a rehearsal takes was told of, and none that is required was refused.
  package var isComplete: Bool {
    let told = Set(steps.map(\.step))
    return refusals.isEmpty && failure == nil && Step.allCases.allSatisfy { $0.note == nil || told.contains($0) }
  }

  /// Whether a step is in force.
  package func has(_ step: Step) -> Bool { steps.contains { $0.step == step && $0.unavailable == nil } }

  /// Whether a step was refused for which `--confine=fallback` would go on.
  package var wantsFallback: Bool { refusals.contains { $0.step.description.necessity == .forgivable } }
}

// MARK: - What the child says

extension Rehearsal {
  /// The first word of a line; fields are separated by tabs.
  enum Topic: String {
    case step, restriction, refused, failed, warning, landlock
    case preparedNetNamespace = "prepared net namespace"
    case ownNetNamespace = "own net namespace"
  }

  /// Reads what a child said.
  ///
  /// Whatever isn't in these words is a message of a signal handler's, and the end.
  package init(_ confinement: Confinement, reading text: Text, status: Int32?, signal: Int32) {
    self.confinement = confinement
    for line in text.lines where !read(line.fields(0x09)) {
      fail(Text(line.fields(0x09).map(\.shown).joined(separator: " ")))
    }
    guard failure == nil else { return }
    if signal != 0 { failure = "ended by signal \(signal)" }
    if signal == 0, refusals.isEmpty, status != 0 || !isComplete { failure = "ended too early" }
  }

  /// Reads a line; false where it isn't in these words.
  private mutating func read(_ fields: [Text]) -> Bool {
    guard let topic = fields.first.flatMap({ Topic(rawValue: $0.shown) }) else { return false }
    let (rest, count) = (fields.dropFirst(2), fields.count)
    switch topic {
    case .step:
      guard (2...4).contains(count), let step = Step(named: fields[1]) else { return false }
      steps.append(Seal.Record(step: step, unavailable: rest.first, remedy: rest.dropFirst().first))
    case .refused:
      guard (3...4).contains(count), let step = Step(named: fields[1]) else { return false }
      refusals.append(Refusal(step: step, reason: fields[2], remedy: rest.dropFirst().first))
    case .restriction:
      guard (2...3).contains(count) else { return false }
      restrictions.append(Restricted(fields[1].shown, unavailable: rest.first))
    case .landlock:
      guard count == 2 else { return false }
      landlock = fields[1].integer ?? 0
    case .warning:
      guard count == 2 else { return false }
      warnings.append(fields[1].shown)
    case .preparedNetNamespace:
      guard count == 2, let inode = fields[1].number(radix: UInt64(10)) else { return false }
      netNamespace = .prepared(inode: inode)
    case .ownNetNamespace:
      guard (1...3).contains(count) else { return false }
      netNamespace = .own(because: fields.dropFirst().first)
      netNamespaceRemedy = rest.first?.shown
    case .failed:
      guard count == 2 else { return false }
      fail(fields[1])
    }
    return true
  }

  /// Keeps the first message; the tender's own about a step is that step's refusal.
  private mutating func fail(_ message: Text) {
    // A reason has two parts: the call, and what the kernel said.
    let words = message.fields(UInt8(ascii: ":"), atMost: 5).map(\.trimmed)
    if words.count == 5, words[0] == "cannot seal", let step = Step(named: words[1]) {
      refusals.append(Refusal(step: step, reason: "\(words[2]): \(words[3])", remedy: words[4]))
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

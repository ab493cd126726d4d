import Text

/// What came of one check of the host.
package struct HostFinding: Equatable, Sendable {
  /// What was found.
  package enum State: String, Sendable {
    case ok, missing
    /// It could not be found out, because of something else that is missing.
    case unknown
    /// The question doesn't arise, as for core scheduling where cores have one thread.
    case notApplicable = "not applicable"
    /// Neither good nor bad by itself; it may explain something that is missing.
    case information
  }

  /// What a missing thing costs, the worst first.
  package enum Effect: String, CaseIterable, Sendable {
    /// `brig-hvt` doesn't start, with whatever options.
    case refused
    /// `brig-hvt` starts with `--confine=fallback` only.
    case fallback
    /// The seal is in force without a part that is best effort, or the guest gets more of KVM.
    case weaker
    /// Some guests can't be run, or run slower; the seal lacks nothing.
    case limited
    case none
  }

  /// What a finding is about; the text has a heading for each.
  package enum Group: String, CaseIterable, Sendable {
    case host, kvm, guest, namespaces, process, seal, devices
  }

  package let group: Group
  /// Unique among all findings; for a step of the seal the step's.
  package let name: String
  package let state: State
  /// `none` for whatever isn't missing.
  package let effect: Effect
  private let words: Detail
  /// What was seen.
  package var detail: String { words.whole }
  /// The same with long lists cut, for a line.
  package var line: String { words.line }
  /// What is lost, in words; empty for whatever isn't missing.
  package let cost: String
  /// What to do about it, often a command; empty where nothing needs to be done.
  package let fix: String

  package init(_ group: Group, _ name: String, _ answer: HostAnswer) {
    self.group = group
    self.name = name
    switch answer {
    case .ok(let detail): (state, effect, words, cost, fix) = (.ok, .none, Detail(detail), "", "")
    case .found(let detail): (state, effect, words, cost, fix) = (.ok, .none, detail, "", "")
    case .missing(let detail, let loss):
      (state, effect, words, cost, fix) = (.missing, loss.effect, Detail(detail), loss.cost, loss.fix)
    case .unknown(let detail): (state, effect, words, cost, fix) = (.unknown, .none, Detail(detail), "", "")
    case .notApplicable(let detail):
      (state, effect, words, cost, fix) = (
        .notApplicable, .none, Detail(detail), "", ""
      )
    case .information(let detail): (state, effect, words, cost, fix) = (.information, .none, Detail(detail), "", "")
    }
  }
}

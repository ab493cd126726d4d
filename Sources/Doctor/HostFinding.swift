import Text

/// What came of one question to the host.
package struct HostFinding: Equatable, Sendable {
  /// What a finding is about; the text has a heading for each.
  package enum Group: String, CaseIterable, Sendable {
    case host, kvm, guest, namespaces, process, seal, devices
  }

  package let group: Group
  /// Unique among all findings; for a step of the seal the step's.
  package let name: String
  private let answer: HostAnswer

  package init(_ group: Group, _ name: String, _ answer: HostAnswer) {
    (self.group, self.name, self.answer) = (group, name, answer)
  }

  package var state: HostState { answer.state }
  /// What was seen.
  package var detail: String { answer.detail.whole }
  /// The same with long lists cut, for a line.
  package var line: String { answer.detail.line }
  /// `none` for whatever isn't missing.
  package var effect: Loss.Effect { answer.loss?.effect ?? .none }
  /// What is lost, in words; empty for whatever isn't missing.
  package var cost: String { answer.loss?.cost ?? "" }
  /// What to do about it, often a command; empty where nothing needs to be done.
  package var fix: String { answer.loss?.fix ?? "" }
}

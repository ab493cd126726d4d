package import Text

/// What a host answers to a question, and what that rests on.
package struct HostAnswer: Equatable, Sendable {
  package let state: HostState
  /// What was seen.
  let detail: Detail
  /// What it costs; nil for whatever isn't missing.
  let loss: Loss?

  private init(_ state: HostState, _ detail: Detail, _ loss: Loss? = nil) {
    (self.state, self.detail, self.loss) = (state, detail, loss)
  }

  package static func ok(_ detail: Detail) -> HostAnswer { HostAnswer(.ok, detail) }
  package static func missing(_ detail: Detail, _ loss: Loss) -> HostAnswer { HostAnswer(.missing, detail, loss) }
  package static func unknown(_ detail: Detail) -> HostAnswer { HostAnswer(.unknown, detail) }
  package static func notApplicable(_ detail: Detail) -> HostAnswer { HostAnswer(.notApplicable, detail) }
  package static func information(_ detail: Detail) -> HostAnswer { HostAnswer(.information, detail) }
}

/// What was found of something that is asked of a host.
package enum HostState: String, Sendable {
  case ok, missing
  /// It could not be found out, because of something else that is missing.
  case unknown
  /// The question doesn't arise, as for core scheduling where cores have one thread.
  case notApplicable = "not applicable"
  /// Neither good nor bad by itself; it may explain something that is missing.
  case information
}

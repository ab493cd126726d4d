package import Text

/// An answer and what it rests on.
package enum HostAnswer: Equatable, Sendable {
  case ok(String)
  /// The same with lists of any length.
  case found(Detail)
  case missing(String, Loss)
  case unknown(String)
  case notApplicable(String)
  case information(String)
}

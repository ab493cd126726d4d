/// An answer and what it rests on.
package enum Answer: Equatable, Sendable {
  case ok(String)
  case missing(String, Loss)
  case unknown(String)
  case notApplicable(String)
  case information(String)
}

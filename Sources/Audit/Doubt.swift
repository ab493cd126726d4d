import Listing

/// Why no policy is known that the installed program could be proved equal to.
enum Doubt: Error {
  /// With what would be needed to see it.
  case unseen(String)
  /// What was said or seen isn't so.
  case refuted(String)

  init(_ problem: Complaint) {
    self = problem == .tooIrregular ? .unseen(problem.message) : .refuted(problem.message)
  }
}

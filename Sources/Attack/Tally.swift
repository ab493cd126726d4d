/// What came of the attempts on one target.
package struct Tally: Sendable {
  /// The figures of one category.
  struct Figures: Equatable, Sendable {
    let category: Attempt.Category
    var tried = 0
    /// Attempts that must be deadly, and those that must not be.
    var deadly = 0, harmless = 0
    var died = 0, lived = 0, refused = 0, unavailable = 0
    /// Attempts with another outcome than the expected one.
    var wrong = 0
  }

  /// The target that was attacked, by `Plan.title`.
  package let title: String
  private(set) var rows: [Figures]
  private(set) var wrong: [(attempt: Attempt, outcome: Outcome)] = []

  init(_ title: String) {
    self.title = title
    rows = Attempt.Category.allCases.map { Figures(category: $0) }
  }

  /// Whether every attempt had the expected outcome.
  package var isGood: Bool { wrong.isEmpty }

  mutating func count(_ attempt: Attempt, _ outcome: Outcome) {
    let index = Attempt.Category.allCases.firstIndex(of: attempt.category) ?? 0
    rows[index].tried += 1
    switch attempt.expectation {
    case .dies: rows[index].deadly += 1
    case .lives, .answered: rows[index].harmless += 1
    case .refused: break
    }
    switch outcome {
    case .died: rows[index].died += 1
    case .lived, .answered: rows[index].lived += 1
    case .refused: rows[index].refused += 1
    case .unavailable: rows[index].unavailable += 1
    case .unsealed, .broken: break
    }
    guard outcome.agrees(with: attempt) == false else { return }
    rows[index].wrong += 1
    wrong.append((attempt, outcome))
  }
}

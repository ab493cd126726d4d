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

  /// The attempts of one category on one system call; those on numbers of no call's are together.
  struct CallTally: Sendable {
    let category: Attempt.Category
    /// Nil for numbers of no call's.
    let subject: String?
    var tried = 0
    var unavailable = 0
    var wrong: [(attempt: Attempt, outcome: Outcome)] = []

    /// The group's name for people.
    var title: String { "\(category.title): \(subject ?? "of no call")" }
  }

  /// The target that was attacked, by `Plan.title`.
  package let title: String
  private(set) var rows: [Figures]
  /// In the order of the plan.
  private(set) var groups: [CallTally] = []
  private var places: [String: Int] = [:]
  /// Nanoseconds that it took.
  package var time: UInt64 = 0
  /// Why the attempts came to an end before they were all made; nil where they were.
  package var stop: String?

  init(_ title: String) {
    self.title = title
    rows = Attempt.Category.allCases.map { Figures(category: $0) }
  }

  /// The tally of a plan, before any of its attempts.
  package init(_ plan: Plan) {
    self.init(plan.title)
    for attempt in plan.attempts { _ = group(of: attempt) }
  }

  /// Whether every attempt had the expected outcome.
  package var isGood: Bool { groups.allSatisfy(\.wrong.isEmpty) && stop == nil }

  /// Each attempt with another outcome than the expected one.
  var wrong: [(attempt: Attempt, outcome: Outcome)] { groups.flatMap(\.wrong) }

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
    let group = group(of: attempt)
    groups[group].tried += 1
    if outcome == .unavailable { groups[group].unavailable += 1 }
    guard outcome.agrees(with: attempt) == false else { return }
    rows[index].wrong += 1
    groups[group].wrong.append((attempt, outcome))
  }

  private mutating func group(of attempt: Attempt) -> Int {
    let key = "\(attempt.category) \(attempt.subject ?? "")"
    if let place = places[key] { return place }
    places[key] = groups.count
    groups.append(CallTally(category: attempt.category, subject: attempt.subject))
    return groups.count - 1
  }
}

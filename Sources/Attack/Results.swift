package import Policy
package import Text

/// All that a run of attacks found out.
package struct Results: Sendable {
  package let architecture: Architecture
  package private(set) var tallies: [Tally] = []
  /// Nanoseconds that it took.
  package var time: UInt64 = 0

  package init(architecture: Architecture) { self.architecture = architecture }

  /// The results of attacks that have not come to an end.
  ///
  /// - Parameters:
  ///   - targets: their names, which needn't be targets'.
  ///   - reason: why there are no results.
  /// - Returns: results with one error for each target.
  package static func none(
    of targets: [String], because reason: String = "the attacks did not come to an end"
  ) -> Results {
    var results = Results(architecture: .native)
    for target in targets {
      var tally = Tally(target)
      tally.stop = reason
      results.add(tally)
    }
    return results
  }

  package mutating func add(_ tally: Tally) { tallies.append(tally) }

  package var isGood: Bool { tallies.allSatisfy(\.isGood) }

  /// Whether anything was tried that this kernel has.
  package var isAnswer: Bool { sum(\.tried) > sum(\.unavailable) }

  private func sum(_ figure: (Tally.Figures) -> Int) -> Int { tallies.flatMap(\.rows).reduce(0) { $0 + figure($1) } }

  /// How many wrong attempts have a line of their own.
  private static let mostWrong = 20

  /// A table for people, and a line for each of the first wrong attempts.
  package var text: String {
    func line(_ cells: [String]) -> String {
      cells[0].padded(to: 20) + cells[1].padded(to: 22)
        + cells[2...].map { String(repeating: " ", count: max(1, 10 - $0.count)) + $0 }.joined() + "\n"
    }
    var text = line(["target", "attempts", "tried", "must die", "died", "must live", "lived", "skipped", "wrong"])
    for tally in tallies {
      for row in tally.rows where row.tried > 0 {
        text += line(
          [tally.title, row.category.title]
            + [row.tried, row.deadly, row.died, row.harmless, row.lived, row.unavailable, row.wrong].map { "\($0)" })
      }
    }
    let wrong = tallies.flatMap { tally in tally.wrong.map { (title: tally.title, $0.attempt, $0.outcome) } }
    for (title, attempt, outcome) in wrong.prefix(Self.mostWrong) {
      text +=
        "WRONG: \(title): \(attempt.name): \(attempt.call): \(outcome.text.shown); expected: \(attempt.expectation.rawValue)\n"
    }
    if wrong.count > Self.mostWrong {
      text += "and \(wrong.count - Self.mostWrong) more that are WRONG, which --json lists\n"
    }
    text += "\(sum(\.tried)) attempts in \((time + 500_000_000) / 1_000_000_000) s: "
    text += "\(sum(\.died)) died, \(sum(\.lived)) lived"
    let (refused, unavailable) = (sum(\.refused), sum(\.unavailable))
    if refused > 0 { text += ", \(refused) refused by a kernel that asks no filter about them" }
    if unavailable > 0 { text += ", \(unavailable) skipped: this kernel doesn't have 32-bit system calls" }
    return text + (isGood ? "; each as it must\n" : "; \(sum(\.wrong)) NOT AS THEY MUST\n")
  }

  /// The results as JSON, described in `docs/attack.md`.
  package var json: Text {
    JSON.document(.attack) { json in
      json.string("architecture", Text("\(architecture.name)"))
      json.boolean("good", isGood)
      json.number("milliseconds", time / 1_000_000)
      json.array("targets") { json in
        for tally in tallies {
          json.object { json in
            json.string("target", Text(tally.title))
            json.array("categories") { json in
              for row in tally.rows where row.tried > 0 {
                json.object(compact: true) { json in
                  json.string("category", Text(row.category.rawValue))
                  json.number("tried", row.tried)
                  json.number("must_die", row.deadly)
                  json.number("died", row.died)
                  json.number("must_live", row.harmless)
                  json.number("lived", row.lived)
                  json.number("refused", row.refused)
                  json.number("skipped", row.unavailable)
                  json.number("wrong", row.wrong)
                }
              }
            }
            json.array("wrong") { json in
              for (attempt, outcome) in tally.wrong {
                json.object(compact: true) { json in
                  json.string("name", Text(attempt.name))
                  json.string("call", Text(attempt.call))
                  json.string("expected", Text(attempt.expectation.rawValue))
                  json.string("seen", Text(outcome.text))
                }
              }
            }
          }
        }
      }
    }
  }
}

package import Text

extension RuleCoverage {
  /// The tests that are to be recorded, one a line.
  package static var list: String { tests.map { "\($0)\n" }.joined() }

  /// The tests that are to be recorded as JSON; `docs/policy.md` describes it.
  package static var listJSON: Text {
    JSON.document(.policyCoverage) { json in
      json.array("tests") { json in
        for test in tests { json.object(compact: true) { json in json.string("name", Text(test)) } }
      }
    }
  }

  /// What the records say as JSON; `docs/policy.md` describes it.
  package func json() throws(Complaint) -> Text {
    let problems = try problems()
    let unreached = try Self.unreached()
    return JSON.document(.policyCoverage) { json in
      json.array("tests") { json in
        for (test, uses) in uses.sorted(by: { $0.key < $1.key }) {
          json.object(compact: true) { json in
            json.string("name", Text(test))
            json.array("rules") { json in
              for (rule, count) in uses.sorted(by: { $0.key < $1.key }) {
                json.object { json in
                  json.string("rule", Text(rule))
                  json.number("calls", count)
                }
              }
            }
          }
        }
      }
      json.array("not_measured") { json in
        for (rule, reason) in unreached {
          json.object(compact: true) { json in
            json.string("rule", Text(rule))
            json.string("reason", Text(reason))
          }
        }
      }
      json.array("problems") { json in for problem in problems { json.string(nil, Text(problem)) } }
    }
  }
}

package import Policy
package import Text

/// Something that is wrong or superfluous in the policy files.
package struct LintFinding: Equatable, Sendable {
  /// The file, or their directory.
  package let file: String
  /// Where it is in the file; nil for the directory.
  package let position: Position?
  /// One sentence without its full stop.
  package let words: String

  /// The finding on one line, for people.
  package var text: String { position.map { "\(file):\($0.line):\($0.column): \(words)" } ?? "\(file): \(words)" }
}

extension Lint {
  /// The findings as JSON; `docs/policy.md` describes it.
  package var json: Text {
    JSON.document(.policyLint) { json in
      json.array("findings") { json in
        for finding in findings {
          json.object(compact: true) { json in
            json.string("file", Text(finding.file))
            if let position = finding.position {
              json.number("line", position.line)
              json.number("column", position.column)
            }
            json.string("finding", Text(finding.words))
          }
        }
      }
    }
  }
}

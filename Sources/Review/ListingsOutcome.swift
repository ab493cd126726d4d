package import Text

/// What became of the reviewed listings when they were written or checked.
package struct ListingsOutcome: Sendable {
  package let directory: String
  /// Each file by its name, and what became of it.
  package let files: [(name: String, update: ReviewedListings.Update)]
  /// What the listings' history says; nil if nobody asked.
  package let history: (problems: [String], isWhole: Bool)?

  /// What is to be done with the listings.
  package enum Task: Sendable {
    /// Write them anew, with the reason why they may allow more than before, if there is one.
    case write(reason: String?)
    /// Check them, against a revision of git if it is given, and all their history if it is asked for.
    case check(base: String?, history: Bool)
  }

  /// Writes or checks the listings of a directory.
  ///
  /// - Throws: `Complaint` for a file that isn't a listing or can't be written, and if git can't tell.
  package init(of directory: String, _ task: Task) throws(Complaint) {
    self.directory = directory
    let updates: [(name: String, outcome: ReviewedListings.Update)]
    let comparison: ReviewedListings.Update
    var history: (problems: [String], isWhole: Bool)?
    switch task {
    case .write(let reason):
      updates = try ReviewedListings.update(directory, reason: reason)
      comparison = try ReviewedListings.compare(directory, check: false)
    case .check(let base, let hasHistory):
      if let base {
        updates = try ReviewedListings.check(directory, base: ReviewedListings.base(base, of: directory))
      } else {
        updates = try ReviewedListings.check(directory)
      }
      comparison = try ReviewedListings.compare(directory, check: true)
      if hasHistory {
        var commits = try ListingHistory(of: directory)
        history = (try commits.problems(), try commits.isWhole())
      }
    }
    files = updates.map { ("\($0.name).json", $0.outcome) } + [(ArchitectureComparison.fileName, comparison)]
    self.history = history
  }

  /// Whether each is as it should be.
  package var isGood: Bool {
    let isRefused = files.contains { if case .refused = $0.update { true } else { false } }
    return !isRefused && history?.problems.isEmpty != false
  }

  /// The outcome as JSON; `docs/policy.md` describes it.
  package var json: Text {
    JSON.document(.policyListings) { json in
      json.string("directory", Text(directory))
      json.boolean("good", isGood)
      json.array("files") { json in
        for (name, update) in files {
          json.object(compact: true) { json in
            json.string("file", Text(name))
            switch update {
            case .same: json.string("outcome", "same")
            case .written: json.string("outcome", "written")
            case .refused(let problem):
              json.string("outcome", "refused")
              json.string("problem", Text(problem))
            }
          }
        }
      }
      guard let history else { return }
      json.object("history") { json in
        json.boolean("whole", history.isWhole)
        json.array("problems") { json in for problem in history.problems { json.string(nil, Text(problem)) } }
      }
    }
  }
}

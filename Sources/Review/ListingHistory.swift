package import Text

/// The reviewed listings as git has them, commit by commit.
///
/// Each commit that allows more than a parent must give a reason. So a series of commits can't hide a widening: neither
/// in the middle of a push, nor by removing a listing and adding a wider one later.
package struct ListingHistory: Sendable {
  private let head: GitRevision
  private let directory: String
  private var read: [String: ReviewedPolicy] = [:]

  /// - Parameters:
  ///   - directory: where the listings are.
  ///   - revision: the newest commit to look at.
  /// - Throws: `Complaint` if git can't tell which commit that is.
  package init(of directory: String, upTo revision: String = "HEAD") throws(Complaint) {
    self.directory = directory
    head = try GitRevision(revision, of: directory)
  }

  /// Whether the history is complete.
  ///
  /// A shallow clone has only its newest part.
  package func isWhole() throws(Complaint) -> Bool { try !head.isShallow() }

  /// Problems of any commit: a listing that allows more than before, and doesn't say why.
  ///
  /// - Throws: `Complaint` for a file that isn't a listing, and if git can't tell.
  package mutating func problems() throws(Complaint) -> [String] {
    var problems: [String] = []
    for change in try head.changes() {
      let files = try change.files()
      for parent in try change.parents() {
        let before = try parent.files()
        for (name, _) in ReviewedListings.all {
          let file = "\(name).json"
          guard let after = files[file], before[file] != after else { continue }
          // Where it was taken away before, what it was then.
          var base = before[file]
          if base == nil { base = try parent.last(with: file)?.files()[file] }
          guard let base else { continue }
          let old = try listing(base, of: file, at: parent)
          let new = try listing(after, of: file, at: change)
          if let problem = try new.widening(since: old) {
            problems.append("\(file) at \(change.commit.prefix(12)): \(problem)")
          }
        }
      }
    }
    return problems
  }

  private mutating func listing(
    _ identifier: String, of file: String, at revision: GitRevision
  ) throws(Complaint) -> ReviewedPolicy {
    if let known = read[identifier] { return known }
    let bytes = try revision.content(identifier)
    let listing = try ReviewedPolicy(parsing: bytes, file: "\(directory)/\(file) at \(revision.commit.prefix(12))")
    read[identifier] = listing
    return listing
  }
}

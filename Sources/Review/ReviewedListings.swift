import Filters
import Host
import Policy
package import Text

/// The listings that people have reviewed: one file for each common selection, in `security/filters/`.
package struct ReviewedListings: Sendable {
  /// Where the repository has them.
  package static let directory = "security/filters"

  /// The selections that have a listing, on every architecture.
  package static let selections = ["console", "block", "block:ro", "net", "block+net", "2block+2net"]

  /// Every listing's file name, without `.json`, and its selection.
  package static var all: [(name: String, selection: Selection)] {
    Architecture.allCases.flatMap { architecture in
      selections.compactMap { short in
        guard let selection = Selection(short: "\(short)@\(architecture.name)") else { return nil }
        let plain = short.replacing(":", with: "-").replacing("+", with: "-")
        return ("\(plain).\(architecture.name)", selection)
      }
    }
  }

  /// What became of one listing.
  package enum Update: Sendable, Equatable {
    case same
    case written
    /// The listing isn't written, or isn't what it must be.
    ///
    /// The text says what to do.
    case refused(String)
  }

  /// Writes the listings of the policy as it is now.
  ///
  /// A listing that allows more than before is written only with a reason, and then contains it.
  ///
  /// - Parameters:
  ///   - directory: where the listings are.
  ///   - reason: why filters may allow more than before, or nil.
  /// - Returns: what became of each.
  /// - Throws: `Complaint` for a file that isn't a listing, or can't be written.
  package static func update(_ directory: String, reason: String?) throws(Complaint) -> [(
    name: String, outcome: Update
  )] {
    var outcomes: [(name: String, outcome: Update)] = []
    for (name, selection) in all {
      let path = "\(directory)/\(name).json"
      let before = try? Files.read(path)
      var listing = try PolicyListing(selection.launch, selection: selection.short)
      if let before {
        let old = try ReviewedPolicy(parsing: before, file: path)
        listing.acknowledgements = old.acknowledgements
        let difference = try Difference(from: .policy(old.policy), to: .policy(listing.policy))
        if difference.status == .wider {
          guard let reason else {
            outcomes.append(
              (
                name,
                .refused("allows more than before; give the reason by --reason\n\(difference.text)")
              ))
            continue
          }
          listing.acknowledgements.append(
            PolicyListing.Acknowledgement(from: old.programDigest, reason: reason))
        }
      }
      let after = listing.json.bytes
      if before == after {
        outcomes.append((name, .same))
      } else {
        try Files.write(after, to: path)
        outcomes.append((name, .written))
      }
    }
    return outcomes
  }

  /// Checks that the listings are those of the current policy, and that each listing that allows more than its base
  /// says why.
  ///
  /// - Parameters:
  ///   - directory: where the listings are.
  ///   - base: gives the listing of a name as it was before the change under review, or nil for a new one.
  /// - Returns: what became of each: the same, or refused.
  /// - Throws: `Complaint` for a file that is missing or isn't a listing.
  package static func check(
    _ directory: String, base: (String) throws(Complaint) -> [UInt8]? = { _ throws(Complaint) in nil }
  ) throws(Complaint) -> [(name: String, outcome: Update)] {
    var outcomes: [(name: String, outcome: Update)] = []
    for (name, selection) in all {
      let path = "\(directory)/\(name).json"
      let bytes = try Files.read(path)
      let reviewed = try ReviewedPolicy(parsing: bytes, file: path)
      var listing = try PolicyListing(selection.launch, selection: selection.short)
      listing.acknowledgements = reviewed.acknowledgements
      if listing.json.bytes != bytes {
        let difference = try Difference(from: .policy(reviewed.policy), to: .policy(listing.policy))
        outcomes.append(
          (
            name,
            .refused(
              "not what the policy says now: write it anew by brig policy listings\n\(difference.text)")
          ))
      } else if let problem = try base(name).flatMap({ bytes throws(Complaint) in
        try reviewed.widening(since: ReviewedPolicy(parsing: bytes, file: "\(path) before"))
      }) {
        outcomes.append((name, .refused(problem)))
      } else {
        outcomes.append((name, .same))
      }
    }
    return outcomes
  }

  /// Writes the comparison of the architectures, or checks that it is that of the current policy.
  ///
  /// - Parameters:
  ///   - directory: where the listings are.
  ///   - check: whether to check only, and write nothing.
  /// - Returns: what became of it.
  /// - Throws: `Complaint` for a policy that can't be compiled, or a file that can't be written.
  package static func compare(_ directory: String, check: Bool) throws(Complaint) -> Update {
    let path = "\(directory)/\(ArchitectureComparison.fileName)"
    let now = Array(try ArchitectureComparison().text.utf8)
    if (try? Files.read(path)) == now { return .same }
    guard !check else {
      return .refused("not what the policy says now: write it anew by brig policy listings")
    }
    try Files.write(now, to: path)
    return .written
  }

  /// Gives a function that reads a listing at a git revision.
  ///
  /// It returns nil if the revision doesn't have that listing.
  ///
  /// - Throws: `Complaint` for a name that isn't a revision's, and if git can't tell.
  package static func base(
    _ revision: String, of directory: String
  ) throws(Complaint) -> (String) throws(Complaint) -> [UInt8]? {
    let revision = try GitRevision(revision, of: directory)
    return { name throws(Complaint) in try revision.content(ofFile: "\(name).json") }
  }
}

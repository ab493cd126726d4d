import CLinux
package import Filters
import Host
package import Policy
package import Text

/// A filter that a person names: a selection, a listing, a program, or a listing of a revision.
package enum NamedFilter {
  case selection(Selection)
  case listing(ReviewedPolicy, name: String)
  case program(Program, name: String)

  /// Finds out what a text names, and reads that.
  ///
  /// - Throws: `Complaint` for a text that names none of the four, or names something that can't be read.
  package init(_ text: String) throws(Complaint) {
    if let selection = Selection(short: text) {
      self = .selection(selection)
    } else if text.hasSuffix(".bpf") {
      self = .program(try ProgramFile.read(text), name: text)
    } else if text.hasSuffix(".json") && !text.contains(":") {
      self = .listing(try ReviewedPolicy(parsing: Files.read(text), file: text), name: text)
    } else if let colon = text.firstIndex(of: ":") {
      let revision = String(text[..<colon])
      let name = String(text[text.index(after: colon)...])
      guard !name.isEmpty, !name.contains("/") else { throw Complaint("\(name): no name of a listing") }
      let root = try Git(directory: ".").lines(["rev-parse", "--show-toplevel"]).first ?? "."
      let directory = "\(root)/\(ReviewedListings.directory)"
      guard let bytes = try GitRevision(revision, of: directory).content(ofFile: "\(name).json") else {
        throw Complaint("\(text): git has no \(ReviewedListings.directory)/\(name).json at that revision")
      }
      self = .listing(try ReviewedPolicy(parsing: bytes, file: text), name: text)
    } else {
      throw Complaint(
        "\(text): neither a selection (as console, 2block+net@aarch64,report), nor a .bpf or .json file, nor REVISION:LISTING"
      )
    }
  }

  /// The policy; nil for a program, whose policy isn't known.
  package func policy() throws(Complaint) -> Policy? {
    switch self {
    case .selection(let selection): try selection.launch.policy()
    case .listing(let listing, _): listing.policy
    case .program: nil
    }
  }

  /// What a comparison takes.
  package func subject() throws(Complaint) -> ComparedFilter {
    switch self {
    case .selection(let selection): .policy(try selection.launch.policy())
    case .listing(let listing, _): .policy(listing.policy)
    case .program(let program, let name): .program(program, name: name)
    }
  }
}

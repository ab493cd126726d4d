import CLinux
import Glibc
@testable import Review
import Testing
import Text

/// To add one: a function that writes and commits listings in a `Repository`, and counts its problems.
@Suite("the listings' history")
struct HistoryTests {
  private static let longer = "\"value\": \"0x10001\", \"admits\": 65538"

  /// The listing whose frames may be a byte longer, and one that says why.
  private static func wider(acknowledged: Bool) throws -> String {
    let listing = try Repository.listing("net.x86_64")
    #expect(listing.contains(ListingTests.frames))
    let text = listing.replacing(ListingTests.frames, with: longer)
    guard acknowledged else { return text }
    let digest = try ReviewedPolicy(parsing: Array(listing.utf8), file: "x").programDigest
    return text.replacing(
      "\"acknowledged\": [", with: "\"acknowledged\": [{ \"from\": \"\(digest)\", \"reason\": \"a byte more\" },")
  }

  /// A listing that is no other but for its reasons.
  private static func changed() throws -> String {
    try Repository.listing("net.x86_64").replacing("Runs the guest", with: "Lets the guest run")
  }

  @Test("this repository's own is without blame")
  func own() throws {
    var history = try ListingHistory(of: "\(ListingTests.root)/\(ReviewedListings.directory)")
    #expect(try history.problems() == [])
  }

  @Test("a commit that widens says why, or is refused", arguments: [true, false])
  func widening(acknowledged: Bool) throws {
    let repository = try Repository()
    try repository.write(Self.changed())
    try repository.commit("words")
    try repository.write(Self.wider(acknowledged: acknowledged))
    try repository.commit("wider")
    #expect(try repository.problems().count == (acknowledged ? 0 : 1))
  }

  @Test("a widening in the middle of a series is found")
  func middle() throws {
    let repository = try Repository()
    try repository.write(Self.wider(acknowledged: false))
    try repository.commit("wider")
    try repository.write(Self.wider(acknowledged: false).replacing("Runs the guest", with: "Lets the guest run"))
    try repository.commit("words, on top of it")
    #expect(try repository.problems().count == 1)
  }

  @Test("taking a listing away and putting a wider one there is a widening")
  func replaced() throws {
    let repository = try Repository()
    repository.remove()
    try repository.commit("away")
    try repository.write(Self.wider(acknowledged: false))
    try repository.commit("back")
    #expect(try repository.problems().count == 1)
  }

  @Test("one acknowledgement is for one widening")
  func again() throws {
    let repository = try Repository()
    let acknowledged = try Self.wider(acknowledged: true)
    try repository.write(acknowledged)
    try repository.commit("wider")
    try repository.write(
      acknowledged.replacing(Self.longer, with: ListingTests.frames))
    try repository.commit("back")
    #expect(try repository.problems() == [])
    try repository.write(acknowledged)
    try repository.commit("wider again")
    #expect(try repository.problems().count == 1)
  }

  @Test("a merge's sides are followed, and what it makes itself")
  func merges() throws {
    let repository = try Repository()
    try repository.ask("checkout", "--quiet", "-b", "side")
    try repository.write(Self.wider(acknowledged: true))
    try repository.commit("wider")
    try repository.ask("checkout", "--quiet", "main")
    try repository.commit("nothing")
    try repository.ask("merge", "--quiet", "--no-ff", "-m", "merge", "side")
    #expect(try repository.problems() == [])
    // A merge of two that allow alike, which itself allows more.
    try repository.ask("checkout", "--quiet", "-b", "other", "main~1")
    try repository.commit("other")
    try repository.ask("merge", "--quiet", "--no-ff", "--no-commit", "-s", "ours", "main~1^1")
    try repository.write(Self.wider(acknowledged: false))
    try repository.commit("evil merge")
    #expect(!(try repository.problems().isEmpty))
  }

  @Test("a listing that is none is refused, also in an old commit")
  func garbage() throws {
    let repository = try Repository()
    try repository.write("{}")
    try repository.commit("garbage")
    try repository.write(Repository.listing("net.x86_64"))
    try repository.commit("back")
    #expect(throws: Complaint.self) { try repository.problems() }
  }

  @Test("a base that git doesn't know is refused, and one without the listing is a new listing's")
  func base() throws {
    let repository = try Repository()
    for name in ["no-such-revision", "HEAD:security", "--all", "HEAD~5", "'; true"] {
      #expect(throws: Complaint.self, "\(name)") {
        try ReviewedListings.check(
          repository.directory, base: ReviewedListings.base(name, of: repository.directory))
      }
    }
    let base = try ReviewedListings.base("HEAD", of: repository.directory)
    #expect(try base("net.x86_64") == Array(Repository.listing("net.x86_64").utf8))
    #expect(try base("none") == nil)
  }

  @Test("outside a repository, and where git trusts it not, there is no answer")
  func outside() throws {
    #expect(throws: Complaint.self) { try ReviewedListings.base("HEAD", of: "/proc/self") }
    #expect(throws: Complaint.self) { try ListingHistory(of: "/proc/self") }
    guard geteuid() == 0 else { return }
    let repository = try Repository()
    #expect(unsafe chown("\(repository.root)/.git", 61234, 61234) == 0)
    #expect(unsafe chown(repository.root, 61234, 61234) == 0)
    let complaint = #expect(throws: Complaint.self) { try ListingHistory(of: repository.directory) }
    #expect(complaint?.message.contains("ownership") == true, "\(complaint?.message ?? "")")
  }

  @Test("a shallow clone is told from a whole one")
  func shallow() throws {
    let repository = try Repository()
    try repository.commit("second")
    try repository.ask("clone", "--quiet", "--depth=1", "file://\(repository.root)", "\(repository.root)/clone")
    #expect(try ListingHistory(of: repository.directory).isWhole())
    var clone = try ListingHistory(of: "\(repository.root)/clone/\(ReviewedListings.directory)")
    #expect(try !clone.isWhole())
    #expect(try clone.problems() == [])
  }
}

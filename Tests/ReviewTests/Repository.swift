import CLinux
import Glibc
import Host
@testable import Review
import Testing

/// A git repository that a test makes, with the reviewed listings in it.
struct Repository {
  let root = "/tmp/brig-history-\(getpid())-\(UInt64.random(in: 0 ... .max))"
  var directory: String { "\(root)/\(ReviewedListings.directory)" }
  var git: Git { Git(directory: root) }

  /// Makes it, with one commit.
  init() throws {
    // A hook's environment names the repository that it belongs to.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] { unsafe unsetenv(name) }
    for path in [root, "\(root)/security", directory] { #expect(unsafe mkdir(path, 0o755) == 0) }
    _ = try git.output(["init", "--quiet", "--initial-branch=main"])
    for (name, _) in ReviewedListings.all { try write(Self.listing(name), name) }
    try commit("first")
  }

  /// A listing as it is checked in.
  static func listing(_ name: String) throws -> String {
    String(decoding: try Files.read("\(ListingTests.root)/security/filters/\(name).json"), as: UTF8.self)
  }

  func write(_ text: String, _ name: String = "net.x86_64") throws {
    try Files.write(Array(text.utf8), to: "\(directory)/\(name).json")
  }

  func remove(_ name: String = "net.x86_64") { unsafe unlink("\(directory)/\(name).json") }

  func commit(_ subject: String) throws {
    try ask("add", "--all")
    try ask("commit", "--quiet", "--allow-empty", "--message=\(subject)")
  }

  /// Runs a command of git's.
  func ask(_ words: String...) throws {
    let options = ["-c", "user.name=test", "-c", "user.email=test@example.invalid", "-c", "commit.gpgsign=false"]
    _ = try git.output(options + words)
  }

  /// What the whole history is blamed for.
  func problems() throws -> [String] {
    var history = try ListingHistory(of: directory)
    return try history.problems()
  }
}

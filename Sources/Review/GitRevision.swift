import Text

/// A commit of the repository that a directory is in.
struct GitRevision: Sendable {
  private let git: Git
  /// The commit's identifier.
  let commit: String

  /// Finds out which commit a name means.
  ///
  /// - Throws: `Complaint` for a name that git doesn't know or would take for something else. Also if git can't tell:
  ///   outside of a repository, in one that git doesn't trust, or without git.
  init(_ name: String, of directory: String) throws(Complaint) {
    guard Self.isPlain(name) else { throw Complaint("\(name): no name of a git revision") }
    let git = Git(directory: directory)
    let lines = try git.lines(["rev-parse", "--verify", "--end-of-options", "\(name)^{commit}"])
    guard let commit = lines.first else { throw Complaint("\(name): no git revision") }
    self.init(git, commit)
  }

  private init(_ git: Git, _ commit: String) {
    self.git = git
    self.commit = commit
  }

  private static func isPlain(_ text: String) -> Bool {
    !text.isEmpty && !text.hasPrefix("-")
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._/~^@{}-".contains($0)) }
  }

  /// The commit's parents; none for the first commit, and where a shallow clone ends.
  func parents() throws(Complaint) -> [GitRevision] {
    try git.lines(["rev-parse", "\(commit)^@"]).map { GitRevision(git, $0) }
  }

  /// Every commit, this one and its ancestors, that changes something in the directory; the newest first.
  ///
  /// It follows both sides of every merge, also a side whose result was thrown away.
  func changes() throws(Complaint) -> [GitRevision] {
    try git.lines(["rev-list", "--full-history", commit, "--", "."]).map { GitRevision(git, $0) }
  }

  /// The newest ancestor that has a file of the directory which this commit doesn't have; nil if there is none.
  func last(with file: String) throws(Complaint) -> GitRevision? {
    try git.lines([
      "log", "--full-history", "-m", "-1", "--format=%H", "--no-renames", "--diff-filter=AMT", commit, "--", file,
    ]).first.map { GitRevision(git, $0) }
  }

  /// The files of the directory at the commit: the identifier of each one's content, by name.
  func files() throws(Complaint) -> [String: String] {
    var files: [String: String] = [:]
    for entry in try git.output(["ls-tree", "-z", commit, "--", "./"]).split(separator: 0) {
      let parts = String(decoding: entry, as: UTF8.self).split(separator: "\t", maxSplits: 1)
      let words = parts[0].split(separator: " ")
      guard parts.count == 2, words.count == 3, words[1] == "blob" else { continue }
      files[String(parts[1].split(separator: "/").last ?? "")] = String(words[2])
    }
    return files
  }

  /// A content by its identifier.
  func content(_ identifier: String) throws(Complaint) -> [UInt8] {
    try git.output(["cat-file", "blob", identifier])
  }

  /// The content of a file of the directory; nil if the commit doesn't have that file.
  func content(ofFile name: String) throws(Complaint) -> [UInt8]? {
    guard let identifier = try files()[name] else { return nil }
    return try content(identifier)
  }

  /// Whether the repository lacks the ancestors of some commit.
  func isShallow() throws(Complaint) -> Bool { try git.lines(["rev-parse", "--is-shallow-repository"]) == ["true"] }
}

import Glibc
import Host
import Policy

/// The source and the day of a report, so that people can tell printed reports apart.
package struct ReportOrigin: Sendable {
  /// One sentence without its full stop.
  package let text: String

  /// - Parameters:
  ///   - version: the release of the program that makes it.
  ///   - directory: a checkout. Its commit is named if its policies are the compiled ones.
  ///   - seconds: the time since 1970.
  package init(version: String, directory: String, seconds: Int) {
    text = "Made by brig \(version), \(Self.commit(directory)), on \(Self.date(seconds))"
  }

  private static func commit(_ directory: String) -> String {
    let policies = "\(directory)/policies"
    guard (try? Files.names(in: policies)) != nil, CompiledPolicies.differing(in: policies).isEmpty,
      let commit = try? Git(directory: directory).lines(["rev-parse", "--verify", "HEAD"]).first
    else { return "commit unknown" }
    let changes = try? Git(directory: directory).lines(["status", "--porcelain", "--", "policies", "Sources"])
    return "commit \(commit)\(changes?.isEmpty == true ? "" : " with changes")"
  }

  /// The day in universal time.
  private static func date(_ seconds: Int) -> String {
    var time = time_t(seconds)
    var parts = unsafe tm()
    // SAFETY: both live through the call.
    _ = unsafe gmtime_r(&time, &parts)
    func two(_ number: Int32) -> String { (number < 10 ? "0" : "") + "\(number)" }
    return unsafe "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday)) (UTC)"
  }
}

@testable import Audit
import CLinux
import CSubject
import Glibc
import Host
import Testing
import Text

/// A file system that a process serves itself, and that doesn't answer: who waits for it can't even be killed.
///
/// To add one: a function that asks something about `pair.inside` in `withSilence`, and how long that may take.
@Suite(
  "the audit of a process on a silent file system", .serialized,
  .enabled(if: Bench.servesFiles, "needs root and /dev/fuse"),
  .timeLimit(.minutes(1)))
struct SilenceTests {
  private func withSilence(_ body: (csubject_pair) throws -> Void) throws {
    let directory = Shell.output("mktemp -d").filter { $0 != "\n" }
    let pair = unsafe csubject_silent(directory)
    defer {
      // The server first: nobody on its file system can be killed before.
      End.kill(pair.server)
      _ = Shell.output("rm -rf \(directory)")
    }
    try #require(pair.inside > 0, "no file system can be served here")
    usleep(50_000)
    try body(pair)
  }

  @Test("comes to an end, and the root isn't empty")
  func ends() throws {
    try withSilence { pair in
      let start = Stopwatch.now
      let findings = try Findings(pair.inside)
      #expect(findings["empty-root"] == .no)
      #expect(findings["stray-descriptors"] == .no)
      #expect(Stopwatch.now - start < 20_000_000_000)
    }
  }

  @Test("a question to it is over in time")
  func question() throws {
    try withSilence { pair in
      let start = Stopwatch.now
      let (_, error) = BoundedChild.entries("/proc/\(pair.inside)/root")
      #expect(error == ETIMEDOUT)
      #expect(Stopwatch.now - start < 10_000_000_000)
    }
  }
}

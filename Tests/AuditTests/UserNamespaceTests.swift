@testable import Audit
import CLinux
import CSubject
import Glibc
import Testing

/// To add one: a process of CSubject's in such a namespace, and a function that asks `UserNamespace` about it.
@Suite("the audit inside a hostile user namespace", .serialized, .enabled(if: geteuid() == 0, "needs root"))
struct UserNamespaceTests {
  /// Whether a process is still there and has not said that it got hold of another.
  private func hasSeized(_ process: Int32) -> Bool {
    var status: Int32 = 0
    return unsafe waitpid(process, &status, WNOHANG) == process && status == 1 << 8
  }

  @Test("nobody has an id in a namespace without maps, and it answers all the same")
  func unmapped() throws {
    let process = csubject_unmapped(61004)
    defer { End.kill(process) }
    #expect(try UserNamespace.maximum(of: Subject(process)) > 0)
    #expect(try UserNamespace.isWithoutIDs(Subject(process)))
    #expect(try Findings(process)["nested-namespaces"] == .yes)
    #expect(try !UserNamespace.isWithoutIDs(Subject(getpid())))
    let own = csubject_unmapped(0)
    defer { End.kill(own) }
    #expect(throws: Doubt.self) { try UserNamespace.maximum(of: Subject(own)) }
  }

  @Test("nobody inside can trace who asks, whoever owns the namespace", arguments: [0, 61001] as [uid_t])
  func isOutOfReach(_ owner: uid_t) throws {
    let chaser = csubject_chaser(owner)
    try #require(chaser > 0)
    defer { End.kill(chaser) }
    let subject = try Subject(chaser)
    for _ in 0..<300 {
      let answer = Result { () throws(Doubt) in try UserNamespace.maximum(of: subject) }
      try #require(!hasSeized(chaser), "a process inside traced the auditor's child")
      switch answer {
      case .success: #expect(owner != 0)
      case .failure(let problem): #expect(owner == 0 && problem.words.contains("than root"))
      }
    }
  }
}

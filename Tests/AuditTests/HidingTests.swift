@testable import Audit
import CLinux
import CSubject
import Glibc
import Host
import Testing
import Text

/// Processes that hide something: behind a name, in what they share, or by never holding still.
///
/// To add one: a name in `hostileNames`; or a process of CSubject's that hides it so, and its `Findings.of`.
@Suite("the audit of processes that hide something", .serialized, .enabled(if: geteuid() == 0, "needs root"))
struct HidingTests {
  /// Names that join what the kernel prints behind them, or look like it, were they taken for characters.
  static let hostileNames: [[UInt8]] =
    ["\u{600}", "kvm-nx-lpage-re", ") S 1 1", "x\r", "a\nb", "\u{301}", "(", "x\u{85}", "x\u{2028}"].map {
      Array($0.utf8)
    } + [[0xff], [0xd8], [0x5c, 0x6e]]

  @Test("a thread without a filter counts, whatever its name", arguments: hostileNames)
  func names(_ name: [UInt8]) throws {
    let process = unsafe (name.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer {
      unsafe csubject_named_thread($0.baseAddress!)
    }
    let findings = try Findings.of(process)
    for check in ["seccomp", "one-thread", "no-new-privs", "few-system-calls", "seccomp-filter"] {
      #expect(findings[check] == .no, "\(check)")
    }
  }

  @Test(
    "memory that is writable and executable counts, whatever the name of the file before it",
    arguments: hostileNames + [Array("x (deleted)".utf8), Array("x ".utf8)])
  func mapped(_ name: [UInt8]) throws {
    let directory = Shell.output("mktemp -d").filter { $0 != "\n" }
    defer { _ = Shell.output("rm -rf \(directory)") }
    let path = Array("\(directory)/".utf8) + name + [0]
    let process = unsafe path.map { CChar(bitPattern: $0) }.withUnsafeBufferPointer {
      unsafe csubject_mapped($0.baseAddress!)
    }
    let findings = try Findings.of(process)
    #expect(findings["writable-code"] == .no)
    #expect(findings["mappings"] == .no)
  }

  @Test(
    "memory that others write into is no tender's",
    arguments: [
      (CSUBJECT_RING, "[io_uring]"), (CSUBJECT_POLLED_RING, "[io_uring]"), (CSUBJECT_ANONYMOUS, "/dev/zero"),
      (CSUBJECT_SYSV, "/SYSV"), (CSUBJECT_MEMFD, "/memfd:kvm-vcpu"),
    ])
  func sharing(_ row: (kind: csubject_shared, name: String)) throws {
    let findings = try Findings.of(csubject_sharing(row.kind))
    #expect(findings["mappings"] == .no)
    #expect(findings.detail("mappings").contains(row.name), "\(findings.detail("mappings"))")
    #expect(findings["one-thread"] == (row.kind == CSUBJECT_POLLED_RING ? .no : .yes))
  }

  @Test("threads that come and go are none that pass", .timeLimit(.minutes(1)))
  func churn() throws {
    let process = csubject_churn()
    defer { End.kill(process) }
    usleep(50_000)
    for _ in 0..<5 {
      let findings = try Findings(process)
      for check in ["one-thread", "seccomp", "few-system-calls", "seccomp-filter"] {
        #expect(findings[check] == .no, "\(check): \(findings.detail(check))")
      }
    }
  }

  @Test("a tracer decides what a process does")
  func traced() throws {
    let findings = try Findings.of(csubject_traced())
    #expect(findings["not-traced"] == .no)
  }

  @Test("all four ids count", arguments: 0..<4)
  func ids(_ index: Int) throws {
    // Ids of this case alone: another process with the same would count, too.
    let id = uid_t(61100 + 2 * index)
    for (other, check) in [(true, "user"), (false, "groups")] {
      var users = [uid_t](repeating: id, count: 4)
      var groups = [gid_t](repeating: id, count: 4)
      // The kernel sets the file-system id with the effective one.
      if other { users[index] = id + 1 } else { groups[index] = id + 1 }
      let findings = try Findings.of(unsafe csubject_with_ids(&users, &groups))
      #expect(findings[check] == .no, "\(check)")
      #expect(findings.detail(check).contains("differ"), "\(findings.detail(check))")
    }
    let users = [uid_t](repeating: id, count: 4)
    var groups = [gid_t](repeating: id, count: 4)
    let same = try Findings.of(unsafe csubject_with_ids(users, groups))
    #expect(same["user"] == .yes)
    #expect(same["groups"] == .yes)
    groups = [0, 0, 0, 0]
    #expect(try Findings.of(unsafe csubject_with_ids(users, groups))["groups"] == .no)
  }

  @Test("a thread with descriptors of its own makes them none that can be told")
  func descriptors() throws {
    let findings = try Findings.of(csubject_split_files())
    for check in ["stray-descriptors", "virtual-machine", "standard-descriptors"] {
      #expect(findings[check] == .no, "\(check)")
    }
  }

  @Test("another process that shares its memory does what its filter forbids")
  func shared() throws {
    let pair = csubject_shared_memory()
    defer { for process in [pair.server, pair.inside] { End.kill(process) } }
    let findings = try Findings(pair.inside)
    #expect(findings["one-thread"] == .no)
    #expect(findings.detail("one-thread") == "process \(pair.server) shares its memory")
  }

  @Test("an environment that is withheld isn't wiped")
  func environment() throws {
    let findings = try Findings.of(csubject_hidden_environment())
    #expect(findings["environment"] == .no)
    #expect(findings.detail("environment").contains("withheld"))
  }

  @Test("an empty root that chroot made hides the rest", arguments: [0, 1] as [Int32])
  func root(_ staysOutside: Int32) throws {
    let directory = Shell.output("mktemp -d").filter { $0 != "\n" }
    defer { _ = Shell.output("rm -rf \(directory)") }
    let findings = try Findings.of(unsafe csubject_chrooted(directory, staysOutside))
    #expect(findings["empty-root"] == .no)
    #expect(findings["mount-namespace"] == .yes)
  }

  @Test("one that has ended, or whose first thread has, has no audit")
  func ended() throws {
    for (process, words) in [(csubject_zombie(), "the process has ended"), (csubject_headless(), "first thread")] {
      defer { End.kill(process) }
      usleep(50_000)
      do {
        _ = try Audit(of: process, receipt: nil)
        #expect(Bool(false), "there is an audit")
      } catch {
        #expect("\(error)".contains(words), "\(error)")
      }
    }
  }

  @Test("one that executes other programs meanwhile has no audit", .timeLimit(.minutes(1)))
  func executes() throws {
    let script = "/tmp/brig-audit-\(getpid())-exec.sh"
    _ = Shell.output("echo 'exec sh \(script)' >\(script)")
    defer { unsafe unlink(script) }
    let shell = try #require(Shell("exec sh \(script)"))
    defer { shell.kill() }
    #expect(throws: Complaint.self) { try Audit(of: shell.process, receipt: nil) }
  }

  @Test("one that is stopped is looked at as any other")
  func stopped() throws {
    let shell = try #require(Shell("exec sleep 20"))
    defer { shell.kill() }
    let before = try Findings(shell.process)
    _ = kill(shell.process, SIGSTOP)
    let after = try Findings(shell.process)
    for check in AuditCheck.all.map(\.name) { #expect(before[check] == after[check], "\(check)") }
  }
}

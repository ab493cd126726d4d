import CSubject
import Glibc
import Receipts
import Testing
import Text

@testable import Audit

/// Processes that leave to others what they don't have themselves.
///
/// To add one: a kind of `csubject_kinship` in CSubject, and a row of `relatives` with what it shares.
@Suite("the audit of what other tasks have", .serialized, .enabled(if: geteuid() == 0, "needs root"))
struct RelativeTests {
  @Test(
    "each task of each other process is compared, the first thread alone says nothing",
    arguments: [(CSUBJECT_HEADLESS, "memory"), (CSUBJECT_SPLIT, "descriptors")])
  func relatives(_ relative: (kind: csubject_kinship, words: String)) throws {
    let pair = csubject_relative(relative.kind)
    defer { End.kill(pair.server) }
    let findings = try Findings.of(pair.inside)
    #expect(findings["one-thread"] == .no)
    let words = "of process \(pair.server) shares its \(relative.words)"
    #expect(findings.detail("one-thread").contains(words), "\(findings.detail("one-thread"))")
  }

  @Test(
    "a process that leaves what it shares to the next one all the time isn't missed", .timeLimit(.minutes(2)),
    arguments: [CSUBJECT_HOPPING, CSUBJECT_SHEDDING])
  func hopping(_ kind: csubject_kinship) throws {
    let pair = csubject_relative(kind)
    defer { End.kill(pair.inside) }
    for _ in 0..<20 {
      let findings = try Findings(pair.inside)
      #expect(findings["one-thread"] != .yes, "\(findings.detail("one-thread"))")
    }
  }

  @Test("many threads with many descriptors take no time", .timeLimit(.minutes(1)))
  func many() throws {
    let findings = try Findings.of(csubject_many(400, 1800))
    #expect(findings["one-thread"] == .no)
    #expect(findings["standard-descriptors"] != nil)
    let more = try Findings.of(csubject_many(0, 5000))
    #expect(more["stray-descriptors"] == .no)
    #expect(more.detail("stray-descriptors").contains("are looked at"))
  }

  @Test("a line for people has ten of many descriptors and their count, JSON has all")
  func lines() throws {
    let shell = try #require(
      Shell("exec bash -c 'for i in {100..399}; do eval \"exec $i</dev/zero\"; done; exec sleep 20'"))
    defer { shell.kill() }
    let audit = try Audit(of: shell.process, receipt: nil)
    let line = audit.text(allowing: false).split(separator: "\n").first { $0.contains(" stray-descriptors ") }
    #expect(line?.contains(" … and ") == true && line?.hasSuffix(" more") == true, "\(line ?? "")")
    #expect((line?.count ?? .max) < 400)
    let json = String(decoding: audit.json(allowing: false).bytes, as: UTF8.self)
    #expect(json.split(separator: "/dev/zero").count > 290)
    #expect(audit.text(allowing: false).split(separator: "\n").allSatisfy { $0.count < 1000 })
  }

  @Test("a uid that only a thread of another process has is no process's own")
  func otherThread() throws {
    let other = csubject_with_other_thread(61007)
    defer { End.kill(other) }
    let ids: [uid_t] = [61007, 61007, 61007, 61007]
    let findings = try Findings.of(unsafe csubject_with_ids(ids, ids))
    #expect(findings["user"] == .no)
    #expect(findings.detail("user").contains("as \(other)"), "\(findings.detail("user"))")
  }

  @Test("a thread in another mount namespace has a root of its own")
  func dividedRoot() throws {
    let directory = Shell.output("mktemp -d").filter { $0 != "\n" }
    defer { _ = Shell.output("rm -rf \(directory)") }
    let findings = try Findings.of(unsafe csubject_divided_root(directory))
    #expect(findings["empty-root"] == .no, "\(findings.detail("empty-root"))")
  }

  @Test("what an earlier filter hands to another process counts, whatever a later one allows")
  func supervised() throws {
    let findings = try Findings.of(csubject_supervised())
    #expect(findings["forbidden-calls-kill"] == .no)
    #expect(findings.detail("forbidden-calls-kill").contains("USER_NOTIF"))
  }

  @Test("what a process gets after its filters were asked is seen, for nothing but them keeps it from that")
  func changing() throws {
    let findings = try Findings.of(csubject_changing())
    #expect(findings["writable-code"] == .no)
    #expect(findings.detail("stray-descriptors").contains("/dev/zero"), "\(findings.detail("stray-descriptors"))")
  }

  @Test(
    "a pipe that has no receipt, or never the end of one, holds nobody up", .timeLimit(.minutes(1)),
    arguments: ["sleep 20", "echo {; exec sleep 20"])
  func silentPipe(_ writer: String) throws {
    let directory = Shell.output("mktemp -d").filter { $0 != "\n" }
    defer { _ = Shell.output("rm -rf \(directory)") }
    _ = Shell.output("mkfifo \(directory)/pipe")
    let shell = try #require(Shell("exec 9<>\(directory)/pipe; echo -n >&9; exec sh -c \"\(writer)\" >&9"))
    defer { shell.kill() }
    do throws(Complaint) {
      _ = try ReceiptRecord(reading: "\(directory)/pipe", patience: 300)
      #expect(Bool(false), "there is a receipt")
    } catch {
      #expect(error.message.contains("timed out"), "\(error)")
    }
  }
}

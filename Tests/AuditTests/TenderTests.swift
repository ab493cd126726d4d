@testable import Audit
import CLinux
import CSubject
import Glibc
import Host
import Policy
import Receipts
import Testing
import Text

/// To add one: a forged receipt is a row of `forged`: a text of it, another in its place, and the check that fails.
@Suite(
  "the audit of a tender", .serialized,
  .enabled(if: Bench.isPossible, "needs root, /dev/kvm, bin/brig-hvt and the test guests"))
struct TenderTests {
  private func audit(
    _ options: String, _ guest: String = Bench.guest, changing receipt: (String) throws -> String = { $0 }
  ) throws -> Audit {
    let path = "/tmp/brig-audit-\(getpid())-\(UInt32.random(in: 0 ... .max)).json"
    defer { unsafe unlink(path) }
    let shell = try #require(
      Shell(tender: "exec \(Bench.root)/bin/brig-hvt --mem=2 --receipt=\(path) \(options) \(guest)"))
    defer { shell.kill() }
    let text = try receipt(String(decoding: try Files.read(path), as: UTF8.self))
    return try Audit(of: shell.process, receipt: ReceiptRecord(parsing: Array(text.utf8), path: path))
  }

  private func answers(_ audit: Audit) -> [String: AuditVerdict] {
    Dictionary(uniqueKeysWithValues: audit.findings.map { ($0.name, $0.verdict) })
  }

  @Test("a sealed tender lacks nothing")
  func whole() throws {
    var lacking: Set<String> = []
    let audit = try audit("") { text in
      lacking = (try? ReceiptRecord(parsing: Array(text.utf8), path: "")).map { Bench.lacking($0) } ?? []
      return text
    }
    #expect(Set(audit.findings.filter { $0.verdict != .yes }.map(\.name)) == lacking)
    let lost = audit.findings.reduce(0) { $0 + (lacking.contains($1.name) ? $1.weight : 0) }
    #expect(audit.score(allowing: false) == (audit.weight - lost) * 100 / audit.weight)
    let seen = answers(audit)
    #expect(seen["seccomp-filter"] == .yes)
    #expect(seen["receipt"] == .yes)
  }

  @Test("the filter that reports is proved too")
  func reporting() throws {
    let findings = Findings(try audit("--seccomp=report"))
    #expect(findings["seccomp-filter"] == .yes)
    #expect(findings.detail("seccomp-filter").contains("--seccomp=report"))
    #expect(findings["forbidden-calls-kill"] == .no)
    #expect(findings.detail("forbidden-calls-kill").contains("--seccomp=report"))
  }

  @Test("a receipt that is another process's earns nothing", arguments: ["pid", "none", "start", "later"])
  func foreign(_ change: String) throws {
    let findings = Findings(
      try audit("") { text in
        let receipt = try? ReceiptRecord(parsing: Array(text.utf8), path: "")
        let pid = receipt?.process ?? 0
        let end = "\"pid\": \(pid),"
        let plain = text.replacing(Self.startTime, with: "")
        switch change {
        case "pid": return plain.replacing(end, with: "\"pid\": \(pid + 1),")
        case "none": return plain.replacing(end, with: "")
        case "start": return plain.replacing(end, with: "\(end) \"start_time\": 1,")
        default: return plain.replacing(end, with: "\(end) \"start_time\": \"\(Int64.max)\",")
        }
      })
    for check in ["receipt", "host-privileges", "landlock", "memory-deny-write-execute"] {
      #expect(findings[check] == (check == "receipt" ? .no : .unseen), "\(check)")
      #expect(findings.detail(check).contains("the receipt"), "\(check)")
    }
    // What shows outside isn't the receipt's to lose.
    for check in ["seccomp-filter", "no-new-privs", "stray-descriptors"] {
      #expect(findings[check] == .yes, "\(check)")
    }
  }

  private static var startTime: Regex<Substring> { /"start_time": [0-9]+,/ }

  @Test("a receipt that tells when the tender was started is compared, and one that doesn't is called older")
  func start() throws {
    let path = "/tmp/brig-audit-\(getpid())-\(UInt32.random(in: 0 ... .max)).json"
    defer { unsafe unlink(path) }
    let shell = try #require(
      Shell(tender: "exec \(Bench.root)/bin/brig-hvt --mem=2 --receipt=\(path) \(Bench.guest)"))
    defer { shell.kill() }
    let text = String(decoding: try Files.read(path), as: UTF8.self).replacing(Self.startTime, with: "")
    let pid = "\"pid\": \(shell.process),"
    let whole = text.replacing(pid, with: "\(pid) \"start_time\": \(try Subject(shell.process).start),")
    for (text, isOlder) in [(text, true), (whole, false)] {
      let findings = try Findings(
        shell.process, receipt: ReceiptRecord(parsing: Array(text.utf8), path: path))
      #expect(findings["receipt"] == .yes)
      #expect(findings.detail("receipt").contains("an older one") == isOlder)
      #expect(findings["landlock"] == .yes)
    }
  }

  @Test("a label is the process's name, and a tender with one is found all the same")
  func label() throws {
    let path = "/tmp/brig-audit-\(getpid())-\(UInt32.random(in: 0 ... .max)).json"
    defer { unsafe unlink(path) }
    let shell = try #require(
      Shell(tender: "exec \(Bench.root)/bin/brig-hvt --mem=2 --name=web-1 --receipt=\(path) \(Bench.guest)"))
    defer { shell.kill() }
    let receipt = try ReceiptRecord(reading: path)
    #expect(receipt.name == "web-1" && receipt.summary.contains("process \(shell.process) (web-1)\n"))
    let audit = try Audit(of: shell.process, receipt: receipt)
    #expect(audit.text(allowing: false).hasPrefix("process \(shell.process) (web-1)\n"))
    #expect(answers(audit)["receipt"] == .yes)
    #expect(RunningTenders.program(of: shell.process) == "brig-hvt")
    #expect(try RunningTenders.all().contains(shell.process))
  }

  @Test("the log that a receipt names must be open as standard error", arguments: ["", "1", "x"])
  func log(_ change: String) throws {
    let path = "/tmp/brig-audit-\(getpid())-\(UInt32.random(in: 0 ... .max)).log"
    defer { unsafe unlink(path) }
    let findings = Findings(
      try audit("--log=\(path)") { text in
        #expect(text.contains("\"inode\": "))
        return text.replacing("\"inode\": ", with: change == "x" ? "\"node\": " : "\"inode\": \(change)")
      })
    #expect(findings["receipt"] == (change.isEmpty ? .yes : .no), "\(findings.detail("receipt"))")
    #expect(findings["stray-descriptors"] == .yes && findings["limit-fsize"] == .yes)
    #expect(findings["seccomp-filter"] == .yes)
  }

  @Test("only who has a filter and a tender's name as argument is taken for a tender with a label")
  func notLabelled() throws {
    // A tender's name as argument, without a filter.
    let shell = try #require(Shell("exec -a brig-hvt sleep 20"))
    defer { shell.kill() }
    #expect(RunningTenders.program(of: shell.process) == nil)
  }

  @Test(
    "a step that the receipt calls unavailable is a no, unless the kernel shows that it is in force",
    arguments: [
      ("net-namespace", AuditVerdict.no), ("limit-fsize", .yes), ("memory-merging", .yes), ("landlock", .no),
    ])
  func unavailable(_ step: String, _ verdict: AuditVerdict) throws {
    let applied = "\"name\": \"\(step)\", \"state\": \"applied\""
    let changed = "\"name\": \"\(step)\", \"state\": \"unavailable\", \"reason\": \"so\""
    let replaced = Findings(try audit("") { $0.replacing(applied, with: changed) })
    #expect(replaced[step] == verdict)
    #expect(replaced.detail(step).contains("unavailable: so"))
    // One more line for the same step doesn't undo the first.
    let both = Findings(try audit("") { $0.replacing("{ \(applied) }", with: "{ \(applied) }, { \(changed) }") })
    #expect(both[step] == verdict)
  }

  @Test("a tender in a PID namespace says its number there")
  func processNamespace() throws {
    let path = "/tmp/brig-audit-\(getpid())-\(UInt32.random(in: 0 ... .max)).json"
    defer { unsafe unlink(path) }
    let shell = try #require(
      Shell(
        "exec unshare -p -f --kill-child \(Bench.root)/bin/brig-hvt --mem=2 --receipt=\(path) \(Bench.guest)",
        ready: 1_000_000))
    defer { shell.kill() }
    let children = Shell.output("cat /proc/\(shell.process)/task/\(shell.process)/children")
    let process = try #require(Int32(children.filter(\.isNumber)))
    let receipt = try ReceiptRecord(reading: path)
    #expect(receipt.process == 1)
    let findings = try Findings(process, receipt: receipt)
    #expect(findings["receipt"] == .yes, "\(findings.detail("receipt"))")
    #expect(findings["landlock"] == .yes)
  }

  @Test("a tender in a time namespace says when it started there", arguments: [100_000, -1000])
  func timeNamespace(_ offset: Int) throws {
    let path = "/tmp/brig-audit-\(getpid())-\(UInt32.random(in: 0 ... .max)).json"
    defer { unsafe unlink(path) }
    let shell = try #require(
      Shell(
        "exec unshare -T --boottime \(offset) -f --kill-child \(Bench.root)/bin/brig-hvt --mem=2 --receipt=\(path) "
          + Bench.guest, ready: 1_000_000))
    defer { shell.kill() }
    let children = Shell.output("cat /proc/\(shell.process)/task/\(shell.process)/children")
    let process = try #require(Int32(children.filter(\.isNumber)))
    let receipt = try ReceiptRecord(reading: path)
    #expect(receipt.start != (try Subject(process).start))
    let findings = try Findings(process, receipt: receipt)
    #expect(findings["receipt"] == .yes, "\(findings.detail("receipt"))")
    #expect(findings["landlock"] == .yes)
  }

  @Test("a tender in a container that its own user made isn't called dumpable")
  func container() throws {
    let directory = Shell.output("mktemp -d").filter { $0 != "\n" }
    defer { _ = Shell.output("rm -rf \(directory)") }
    _ = Shell.output("chmod 755 \(directory); cp \(Bench.root)/bin/brig-hvt \(Bench.busyGuest) \(directory)")
    // A node that everybody may open, in a mount namespace of its own.
    let node = "mount -t tmpfs -o dev tmpfs /mnt && mknod -m 666 /mnt/kvm c 10 232 && mount --bind /mnt/kvm /dev/kvm"
    let shell = try #require(
      Shell(
        tender: "cd \(directory); exec unshare -m sh -c '\(node) && exec setpriv --reuid 61005 --regid 61005 "
          + "--clear-groups unshare -Ur ./brig-hvt --mem=2 spin.hvt'"))
    defer { shell.kill() }
    let findings = try Findings(shell.process)
    #expect(findings["not-dumpable"] == .unseen, "\(findings.detail("not-dumpable"))")
    #expect(findings["seccomp-filter"] == .yes)
  }

  @Test(
    "a receipt with another address, descriptor or digest is found out",
    arguments: [
      ("\"fixed_block\": 1", "\"fixed_block\": 2", "seccomp-filter"),
      ("\"window\": 2097152", "\"window\": 4194304", "seccomp-filter"),
      ("\"vcpu_descriptor\": ", "\"vcpu_descriptor\": 1", "seccomp-filter"),
      ("\"run_area\": 1", "\"run_area\": 2", "seccomp-filter"),
      ("\"run_area_size\": ", "\"run_area_size\": 1", "seccomp-filter"),
      ("\"sha256\": \"", "\"sha256\": \"0", "receipt"),
      ("\"pid\": ", "\"name\": \"brig-hvt2\", \"pid\": ", "receipt"),
    ])
  func forged(_ change: (from: String, to: String, check: String)) throws {
    let audit = try audit("") { text in
      #expect(text.contains(change.from))
      return text.replacing(change.from, with: change.to)
    }
    #expect(answers(audit)[change.check] == .no)
  }

  /// A directory, and a tender in it that reads a disk of 1 MiB until it is killed.
  private func withDisk(_ mode: String, _ body: (_ directory: String, _ process: Int32) throws -> Void) throws {
    let directory = Shell.output("mktemp -d").filter { $0 != "\n" }
    defer { _ = Shell.output("rm -rf \(directory)") }
    let command =
      "truncate -s 1M \(directory)/disk; exec \(Bench.root)/bin/brig-hvt --mem=2 --receipt=\(directory)/receipt "
      + "--block:storage=\(directory)/disk --block-mode:storage=\(mode) "
      + "\(Bench.root)/bin/guests/x86_64/bench-blk.hvt 1000000000000 read"
    let shell = try #require(Shell(tender: command))
    defer { shell.kill() }
    try body(directory, shell.process)
  }

  @Test(
    "a receipt with another disk than the process has is found out",
    arguments: [
      ("\"capacity\": 1048576", "\"capacity\": 2097152"), ("\"mode\": \"rw\"", "\"mode\": \"ro\""),
      ("\"mode\": \"rw\"", "\"mode\": \"rw\""),
    ])
  func disk(_ change: (from: String, to: String)) throws {
    try withDisk("rw") { directory, process in
      let text = String(decoding: try Files.read("\(directory)/receipt"), as: UTF8.self)
      #expect(text.contains(change.from))
      let forged = Array(text.replacing(change.from, with: change.to).utf8)
      let seen = answers(try Audit(of: process, receipt: ReceiptRecord(parsing: forged, path: "forged")))
      let isForged = change.from != change.to
      for name in ["receipt", "seccomp-filter", "stray-descriptors"] {
        #expect(seen[name] == (isForged ? .no : .yes), "\(name)")
      }
    }
  }

  @Test("a disk isn't opened for being measured")
  func isNotOpened() throws {
    try withDisk("ro") { directory, process in
      let watch = unsafe csubject_watch("\(directory)/disk")
      #expect(watch >= 0)
      let seen = answers(try Audit(of: process, receipt: nil))
      #expect(seen["seccomp-filter"] == .yes)
      #expect(csubject_opened(watch) == 0)
    }
  }

  @Test("a file that is only written is the receipt only if it is that file")
  func isReceipt() throws {
    let directory = Shell.output("mktemp -d").filter { $0 != "\n" }
    defer { _ = Shell.output("rm -rf \(directory)") }
    let path = "\(directory)/receipt"
    let shell = try #require(
      Shell(tender: "exec \(Bench.root)/bin/brig-hvt --mem=2 --receipt=\(path) \(Bench.guest)"))
    defer { shell.kill() }
    _ = Shell.output("cp \(path) \(path).copy")
    func strays(_ path: String) throws -> AuditVerdict? {
      answers(try Audit(of: shell.process, receipt: ReceiptRecord(reading: path)))["stray-descriptors"]
    }
    #expect(try strays(path) == .yes)
    #expect(try strays("\(path).copy") == .no)
  }

  @Test(
    "a process with a tender's filter and receipt, but without its memory, or what guards it, is no tender",
    arguments: [false, true])
  func pretender(_ hasMemory: Bool) throws {
    let path = "/tmp/brig-audit-\(getpid())-\(UInt32.random(in: 0 ... .max)).json"
    defer { unsafe unlink(path) }
    let shell = try #require(
      Shell(tender: "exec \(Bench.root)/bin/brig-hvt --mem=2 --receipt=\(path) \(Bench.guest)"))
    let text = String(decoding: try Files.read(path), as: UTF8.self)
    let programs = try FilterReader.programs(of: [shell.process])
    shell.kill()
    let program = try #require(programs?.first?.last)
    let launch = try ReceiptRecord(parsing: Array(text.utf8), path: path).launch()
    let process = unsafe program.withFilter {
      unsafe csubject_pretender(
        Int32(launch.vcpu), hasMemory ? launch.fixedBlock : 0, launch.memory, launch.window, $0, $1)
    }
    defer { End.kill(process) }
    usleep(300_000)
    let own = text.replacing("\"pid\": \(shell.process)", with: "\"pid\": \(process)")
    let seen = answers(try Audit(of: process, receipt: ReceiptRecord(parsing: Array(own.utf8), path: path)))
    #expect(seen["few-system-calls"] == .yes)
    #expect(seen["seccomp-filter"] == .no)
    #expect(seen["receipt"] == .no)
    let unclaimed = answers(try Audit(of: process, receipt: nil))
    #expect(unclaimed["seccomp-filter"] == .no)
  }

  @Test("without a receipt the policy is made of descriptors and maps", arguments: [Bench.guest, Bench.busyGuest])
  func observed(_ guest: String) throws {
    let shell = try #require(Shell(tender: "exec \(Bench.root)/bin/brig-hvt --mem=2 \(guest)"))
    defer { shell.kill() }
    #expect(answers(try Audit(of: shell.process, receipt: nil))["seccomp-filter"] == .yes)
  }
}

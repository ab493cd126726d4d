@testable import Audit
import Glibc
import Host
import Receipts
import Testing
import Text

/// To add one: a row of `rows`: what the receipt says, when its file was written, and whether its tender has ended for sure.
@Suite("whether a receipt's tender has ended")
struct LivingProcessesTests {
  private static let boot: Int64 = 1_700_000_000

  /// A receipt in a file that was last changed at a time.
  private func receipt(_ facts: String, _ modified: Int64) throws -> ReceiptRecord {
    let path = "/tmp/brig-living-\(getpid())-\(UInt32.random(in: 0 ... .max)).json"
    defer { unsafe unlink(path) }
    try Files.write(
      Array("{ \"schema\": \"brig-receipt\", \"version\": 1, \"seccomp\": {}, \(facts) }".utf8), to: path)
    let times = [timespec(tv_sec: Int(modified), tv_nsec: 0), timespec(tv_sec: Int(modified), tv_nsec: 0)]
    #expect(unsafe utimensat(AT_FDCWD, path, times, 0) == 0)
    return try ReceiptRecord(reading: path)
  }

  static let rows: [(facts: String, modified: Int64, isOver: Bool)] = [
    // It runs; it runs in a PID namespace; another process has its number.
    ("\"pid\": 536, \"start_time\": 20000", boot + 200, false),
    ("\"pid\": 1, \"start_time\": 30000", boot + 300, false),
    ("\"pid\": 536, \"start_time\": 10000", boot + 100, true),
    ("\"pid\": 999, \"start_time\": 20000", boot + 201, true),
    // A copy, another boot's or another machine's.
    ("\"pid\": 999, \"start_time\": 20000", boot + 4000, false),
    ("\"pid\": 999, \"start_time\": 20000", boot, false),
    // An older tender's.
    ("\"pid\": 999", boot + 200, false), ("\"start_time\": 20000", boot + 200, false),
    ("\"pid\": 999, \"start_time\": \(Int64.max)", boot + 200, false),
  ]

  @Test("is said where this boot's processes tell it, and not otherwise", arguments: rows)
  func ended(_ row: (facts: String, modified: Int64, isOver: Bool)) throws {
    let living = LivingProcesses(boot: Self.boot, all: [(536, 20000), (1, 30000), (1, 5)])
    #expect(try living.lack(receipt(row.facts, row.modified)) == row.isOver)
    #expect(try receipt(row.facts, row.modified).summary(hasEnded: row.isOver).contains("has ended") == row.isOver)
  }

  @Test("isn't said of a process that runs")
  func own() throws {
    guard let living = LivingProcesses() else { return }
    let start = try Subject(getpid()).start
    #expect(living.all.contains { $0.number == Int64(getpid()) && $0.start == start })
    let begun = living.boot + Int64(start / 100)
    #expect(try !living.lack(receipt("\"pid\": \(getpid()), \"start_time\": \(start)", begun)))
    #expect(try living.lack(receipt("\"pid\": \(getpid()), \"start_time\": \(start + 1)", begun)))
  }
}

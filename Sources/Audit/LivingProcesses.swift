import Host
import Procfs
package import Receipts
import Text

/// The processes that this machine has now, to tell whether a receipt's tender is still among them.
package struct LivingProcesses: Sendable {
  /// When the machine booted, in seconds since 1970.
  let boot: Int64
  /// Each process's number as it sees itself, and its start in clock ticks since the boot.
  let all: [(number: Int64, start: UInt64)]

  init(boot: Int64, all: [(number: Int64, start: UInt64)]) { (self.boot, self.all) = (boot, all) }

  /// Looks at `/proc`; nil where it doesn't show every process of this machine.
  package init?() {
    // The host's PID namespace has this inode number (`PROC_PID_INIT_INO` of linux/proc_ns.h); in others a process may
    // be missing. So it may with hidepid.
    guard let own = try? FileStatus(at: "/proc/self/ns/pid"), own.inode == 0xefff_fffc,
      Subject.text("/proc/1/stat") != nil, let stat = Subject.text("/proc/stat"),
      let boot = stat.lines.map(\.words).first(where: { $0.count == 2 && $0[0] == "btime" })?[1].integer,
      let numbers = Directory.numbers("/proc"), let offset = TimeOffset.sinceBoot(of: "self"), offset == 0
    else { return nil }
    self.boot = Int64(boot)
    all = numbers.compactMap { process in
      guard !RunningTenders.isGone(process), let stat = Subject.text("/proc/\(process)/stat").flatMap({ TaskStat($0) })
      else { return nil }
      let status = Subject.text("/proc/\(process)/status").map { KeyedLines($0) }
      return (Int64(status?["NSpid"]?.words.last?.integer ?? Int(process)), stat.start)
    }
  }

  /// The longest that a start takes, in seconds, from the process's start to its receipt.
  private static let longestStart: Int64 = 60

  /// Whether a receipt's tender was one of this machine's, since its last boot, and runs no more.
  ///
  /// A receipt doesn't say which boot its start counts from. It is this one where the file was written as soon after
  /// that start as a start takes. Of a copy, and of another machine's or another boot's receipt, nothing is known.
  package func lack(_ receipt: ReceiptRecord) -> Bool {
    guard let process = receipt.process, let start = receipt.start, let file = receipt.file, file.kind == .regular
    else { return false }
    // A clock tick for people (`USER_HZ`) is 10 ms; the boot's time is in whole seconds.
    let begun = boot + Int64(clamping: start / 100)
    guard (begun - 2...begun + Self.longestStart).contains(file.modified) else { return false }
    return !all.contains { $0.number == process && ($0.start == start) }
  }
}

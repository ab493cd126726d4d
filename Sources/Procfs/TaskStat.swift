package import Text

/// The line of `/proc/PID/stat` or of a task's (proc_pid_stat(5)).
package struct TaskStat: Equatable, Sendable {
  /// The words behind the name.
  ///
  /// The first is field 3 of the manual, the state.
  private let words: [Text]
  /// The task's name, which its process chooses, in at most 15 bytes.
  package let name: Text

  /// Reads the line, or nil where it isn't one.
  package init?(_ text: Text) {
    // The name, which the process chooses, ends at the last parenthesis.
    guard let end = text.bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let start = text.bytes.firstIndex(of: UInt8(ascii: "(")) ?? end
    name = Text(bytes: Array(text.bytes[min(start + 1, end)..<end]))
    words = Text(bytes: Array(text.bytes[(end + 1)...])).trimmed.words
    guard words.count >= 50, words[0].bytes.count == 1, Int(exactly: flags) != nil, self[20] != nil else { return nil }
  }

  /// A field by the manual's number, nil where it is no unsigned number.
  package subscript(_ field: Int) -> UInt64? { words[field - 3].number(radix: UInt64(10)) }

  /// The state's letter: `Z` for a task that has ended and wasn't reaped.
  package var state: Text { words[0] }
  /// The task's `PF_*` flags (`linux/sched.h`).
  ///
  /// If the field isn't a number, all flags are set, which no process can bring about.
  package var flags: UInt64 { self[9] ?? .max }
  /// How many tasks the process has.
  package var threads: UInt64 { self[20] ?? 0 }
  /// When the process started, in clock ticks since the boot.
  package var start: UInt64 { self[22] ?? 0 }
  /// The addresses of the environment's strings.
  ///
  /// The kernel shows 0 to a process that may not trace this one.
  package var environment: Range<UInt64> {
    guard let start = self[50], let end = self[51], start < end else { return 0..<0 }
    return start..<end
  }
  /// How it is scheduled: `SCHED_*` (sched(7)).
  package var policy: UInt64? { self[41] }
  /// The addresses of code, stack, data and arguments.
  ///
  /// They change when the process executes a program.
  package var layout: [UInt64] { [26, 27, 28, 45, 46, 48, 50].map { self[$0] ?? 0 } }
}

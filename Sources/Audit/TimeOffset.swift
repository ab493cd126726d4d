import Procfs
import Text

/// The offset that a time namespace adds to the time since the boot (time_namespaces(7)).
enum TimeOffset {
  /// The offset in nanoseconds.
  ///
  /// It is 0 on a kernel without time namespaces, and nil if the file can't be parsed.
  static func sinceBoot(of process: Text) -> Int? {
    guard let text = Subject.text("/proc/\(process)/timens_offsets") else { return 0 }
    for words in text.lines.map(\.words) where words.count == 3 && words[0] == "boottime" {
      guard let seconds = words[1].integer, let rest = words[2].integer, abs(seconds) < 1 << 32 else { return nil }
      return seconds * 1_000_000_000 + rest
    }
    return nil
  }
}

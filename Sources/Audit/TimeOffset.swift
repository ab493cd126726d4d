import Procfs
import Text

/// What a time namespace adds to the time since the machine started (time_namespaces(7)).
enum TimeOffset {
  /// Nanoseconds, 0 where the kernel has no time namespaces; nil for what can't be taken apart.
  static func sinceBoot(of process: Text) -> Int? {
    guard let text = Subject.text("/proc/\(process)/timens_offsets") else { return 0 }
    for words in text.lines.map(\.words) where words.count == 3 && words[0] == "boottime" {
      guard let seconds = words[1].integer, let rest = words[2].integer, abs(seconds) < 1 << 32 else { return nil }
      return seconds * 1_000_000_000 + rest
    }
    return nil
  }
}

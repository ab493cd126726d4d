import Glibc
import Host
import Text

/// The progress of a long command, shown on a terminal only.
struct ProgressBar {
  private static let width = 40
  private let total: Int
  private let isShown = isatty(2) == 1
  private var done = 0

  init(total: Int) { self.total = max(1, total) }

  /// Counts one step of a part with a name.
  mutating func advance(_ name: String) {
    done += 1
    guard isShown, done % 16 == 0 || done == total else { return }
    let filled = done * Self.width / total
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
    let line: String = "\r[\(bar)] \(done)/\(total) \(name.padded(to: 20))"
    Standard.say(Text(line))
  }

  /// Removes the bar.
  func clear() { if isShown { Standard.say("\r\u{1b}[K") } }
}

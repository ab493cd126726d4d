import Glibc
import Host
import Text

/// How far a long command has come, on a terminal; elsewhere nothing.
struct ProgressBar {
  private static let width = 40
  private let total: Int
  private let isShown = isatty(2) == 1
  private var done = 0

  init(total: Int) { self.total = max(1, total) }

  /// Counts one step, which belongs to something that has a name.
  mutating func advance(_ name: String) {
    done += 1
    guard isShown, done % 16 == 0 || done == total else { return }
    let filled = done * Self.width / total
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
    let line: String = "\r[\(bar)] \(done)/\(total) \(name.padded(to: 20))"
    Standard.say(Text(line))
  }

  /// Takes it away.
  func clear() { if isShown { Standard.say("\r\u{1b}[K") } }
}

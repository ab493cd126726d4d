import Attack
import Host
import Text

/// The progress of a long command on standard error.
struct ProgressBar {
  private var progress: Progress

  init(total: Int) { progress = Progress(total: total) }

  /// Counts one step of a part with a name.
  mutating func advance(_ part: String) {
    let display = Terminal.width(2).map { Progress.Display.terminal(width: $0) } ?? .log
    guard let text = progress.advance(part, now: Stopwatch.now, on: display) else { return }
    Standard.say(Text(display == .log ? "brig: \(text)" : text))
  }

  /// Removes the bar.
  func clear() { if Terminal.width(2) != nil { Standard.say("\r\u{1b}[K") } }
}

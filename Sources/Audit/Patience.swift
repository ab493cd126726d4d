import Host
import Procfs
import Text

/// How long an answer may take, where somebody else decides whether it comes.
///
/// A busy machine, or one that stood still for a while, isn't the answer's fault: time counts only in which the answer
/// could have come.
struct Patience {
  /// The longest time between two looks that counts, in nanoseconds.
  static let slice: UInt64 = 50_000_000
  /// What all waiting may take, counted or not, in nanoseconds.
  private static let whole: UInt64 = 60_000_000_000

  /// How much passes from one look at who answers to the next, in nanoseconds.
  private static let pause: UInt64 = 5_000_000

  private var left: UInt64
  /// What has passed since the last such look.
  private var pending: UInt64 = 0
  private var last = Stopwatch.now
  private let end: UInt64

  /// - Parameter milliseconds: how long the answer may take.
  init(milliseconds: UInt64) {
    left = milliseconds * 1_000_000
    end = last + Self.whole
  }

  /// Takes off what has passed since the last look, one slice at most, unless who answers only lacks a processor.
  ///
  /// - Parameter answerer: the task that answers, or nil where there is none to look at.
  /// - Returns: whether nothing is left.
  mutating func isOver(for answerer: Int32? = nil) -> Bool {
    let now = Stopwatch.now
    let passed = min(now - last, Self.slice)
    last = now
    pending += passed
    guard pending >= Self.pause else { return now >= end }
    if answerer.map(Self.isReady) != true { left -= min(left, pending) }
    pending = 0
    return left == 0 || now >= end
  }

  /// Whether a task is ready to run: it waits for nothing but a processor.
  private static func isReady(_ task: Int32) -> Bool {
    (try? Files.read("/proc/\(task)/stat")).flatMap { TaskStat(Text(bytes: $0)) }?.state == "R"
  }
}

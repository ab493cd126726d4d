import CLinux

/// A moment to wait for, on the clock that nobody sets and that goes on while the process is stopped
/// (`CLOCK_MONOTONIC`).
package struct Deadline: Sendable {
  /// Nanoseconds of the clock; nil where it can't be read, or needn't.
  private let moment: UInt64?
  /// How long to wait from the start, in nanoseconds.
  private let length: UInt64

  /// The moment that is so many nanoseconds away; for 0 the clock isn't read.
  package init(nanoseconds: UInt64, _ block: FixedBlock) {
    length = nanoseconds
    guard nanoseconds > 0, let now = block.read(CLOCK_MONOTONIC) else {
      moment = nil
      return
    }
    let (sum, overflow) = now.addingReportingOverflow(nanoseconds)
    moment = overflow ? .max : sum
  }

  /// Whether it has passed.
  package func hasPassed(_ block: FixedBlock) -> Bool { left(block) == 0 }

  /// How many nanoseconds are left; without a clock, all of them.
  fileprivate func left(_ block: FixedBlock) -> UInt64 {
    guard let moment, let now = block.read(CLOCK_MONOTONIC) else { return length }
    return now < moment ? moment - now : 0
  }

  /// How long to wait in one piece, in nanoseconds, if so many are left.
  fileprivate func piece(of left: UInt64, _ block: FixedBlock) -> UInt64 {
    guard moment != nil else { return left }
    let piece = left > Self.longestDelay ? left - Self.longestDelay : left
    return block.waitsEndAtStops ? piece : min(piece, Self.longestWait)
  }

  /// The most that the kernel may be late with a `ppoll` of whatever length, in nanoseconds: `MAX_SLACK` in
  /// fs/select.c.
  private static var longestDelay: UInt64 { 100_000_000 }
  /// The longest piece, in nanoseconds, where a stop makes the kernel wait on for all that was left of it.
  private static var longestWait: UInt64 { 1_000_000_000 }
}

extension FixedBlock {
  /// Waits on the entry for output and those of so many devices until one has something to tell, or for a time.
  ///
  /// - Returns: `ppoll`'s answer: how many entries have something to tell, 0 at the end, or a negative error number.
  package func wait(devices: Int, nanoseconds: UInt64) -> Int {
    wait(devices: devices, until: Deadline(nanoseconds: nanoseconds, self), left: nanoseconds)
  }

  /// Waits until a descriptor takes more, or until a deadline.
  ///
  /// - Parameters:
  ///   - descriptor: -1 for none, to wait for the deadline alone.
  ///   - deadline: the moment.
  /// - Returns: `ppoll`'s answer: 1, 0 at the deadline, or a negative error number.
  package func awaitOutput(_ descriptor: Int32, until deadline: Deadline) -> Int {
    watchOutput(descriptor)
    let answer = wait(devices: 0, until: deadline, left: deadline.left(self))
    watchOutput(-1)
    return answer
  }

  /// Waits until an entry has something to tell, or until the deadline.
  ///
  /// The kernel may be late by a thousandth of a wait, by five where the process is niced. So a long wait ends early,
  /// and a short one follows. A stop or a freezer ends a wait; where it doesn't, waits are a second at most.
  private func wait(devices: Int, until deadline: Deadline, left: UInt64) -> Int {
    var left = left
    while true {
      let piece = deadline.piece(of: left, self)
      setTimeout(nanoseconds: piece)
      let answer = waitOnce(devices: devices)
      // At the end of the last piece there is no need to look at the clock.
      if answer == 0, piece == left { return 0 }
      guard answer == 0 || answer == -Int(EINTR) else { return answer }
      left = deadline.left(self)
    }
  }
}

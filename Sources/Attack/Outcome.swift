import Host
import Policy
import Text

/// What became of an attempt.
enum Outcome: Equatable, Sendable {
  /// The filter killed the whole process.
  case died
  /// The call returned to the process, or ended it with a status as it asked for.
  case lived(String)
  /// The filter answered with its witness, as it does under an outer filter.
  case answered(String)
  /// The kernel didn't ask the filter, and refused the call itself.
  case refused(String)
  /// This kernel doesn't have the interface, so no filter saw the call.
  case unavailable
  /// The probe wasn't sealed, so it made no attempt; with what it said.
  case unsealed(String)
  /// None of these: the probe hung, or died of something else.
  case broken(String)

  /// The outcome in words, for people.
  var text: String {
    switch self {
    case .died: "died by SIGSYS"
    case .lived(let how), .answered(let how), .refused(let how): how
    case .unavailable: "this kernel doesn't have the interface"
    case .unsealed(let how): "was never sealed: \(how)"
    case .broken(let how): how
    }
  }

  /// Whether the outcome is the expected one; nil where the attempt couldn't be made.
  func agrees(with attempt: Attempt) -> Bool? {
    switch self {
    case .died: attempt.expectation == .dies || attempt.expectation == .refused
    case .lived: attempt.expectation == .lives
    case .answered: attempt.expectation == .answered
    case .refused: attempt.expectation == .refused
    case .unavailable: nil
    case .unsealed, .broken: false
    }
  }
}

extension Outcome {
  /// Judges an attempt by what the process printed on standard error and how it ended.
  ///
  /// - Parameters:
  ///   - output: all that the process printed. `sealed` comes first if the probe was sealed.
  ///   - status: as `wait` gives it; nil for a process that didn't end in time.
  ///   - attempt: what it tried.
  init(output: [UInt8], status: Int32?, of attempt: Attempt) {
    let lines = output.split(separator: UInt8(ascii: "\n")).map { String(raw: Array($0)) }
    guard let status else {
      self = .broken("didn't come to an end")
      return
    }
    guard lines.first == "sealed" else {
      let end = ChildProcess.End(word: status)
      let words = end.status.map { "exited \($0)" } ?? "died by signal \(end.signal)"
      self = .unsealed("\(lines.first ?? "not a word"), \(words)")
      return
    }
    let returned = lines.last { $0.hasPrefix("returned ") }
    switch (status & 0x7f, returned) {
    // ENXIO (6), from Linux 7 on EPROTO (71), or ENOSYS (38) from a kernel that has no such call.
    case (0, "returned -6"?) where attempt.expectation == .refused: self = .refused("returned -6")
    case (0, "returned -71"?) where attempt.expectation == .refused: self = .refused("returned -71")
    case (0, "returned -38"?) where attempt.expectation == .refused: self = .refused("returned -38")
    case (4, nil) where attempt.expectation == .refused: self = .refused("died by SIGILL")
    case (0, let returned?) where attempt.expectation == .answered && Self.isWitness(returned):
      self = .answered(returned)
    case (0, let returned?): self = .lived(returned)
    case (0, nil): self = .lived("exited \(status >> 8)")
    case (31, nil): self = .died
    // A kernel without 32-bit system calls answers `int 0x80` as any interrupt that a program may not raise.
    case (11, nil) where attempt.interface == .i386: self = .unavailable
    case (let signal, let returned):
      self = .broken("died by signal \(signal)\(returned.map { ", after it \($0)" } ?? "")")
    }
  }

  /// Whether a call returned an error that only a filter's witness gives.
  private static func isWitness(_ line: String) -> Bool {
    line.hasPrefix("returned -") && UInt32(line.dropFirst(10)).map(Witness.numbers.contains) ?? false
  }
}

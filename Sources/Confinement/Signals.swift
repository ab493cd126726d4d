import CCalls
import CLinux
package import Host
import Policy
import Text

/// What the handlers need; set once before any is installed, and never changed after the seal.
private nonisolated(unsafe) var reporter: Reporter?

/// Whether a sealed tender has begun to say which call was trapped.
private nonisolated(unsafe) var isReporting = false

private struct Reporter {
  let block: FixedBlock
  /// The names by number for `--seccomp=report`, else nil.
  var names: CallNames?
  /// A call of which the filter makes the process die, in whatever mode.
  var fatalNumber = -1
  /// What this start hasn't, whose calls it doesn't make.
  let skipped: UInt32
  /// The receipt from when it is written on.
  var receipt: ReceiptFile?
  /// By what it is known that the filter is in force, where an outer filter could have answered in the kernel's place.
  var witness: Witness?

  /// Ends a sealed tender as a forbidden call does.
  func die() -> Never {
    _ = clinux_system_call(fatalNumber, 0, 0, 0, 0, 0, 0)
    Process.exit(1)
  }

  /// Whether the tender was sealed when a signal came: it has installed its filter, and the filter its witness.
  func isSealed(_ context: UnsafeMutableRawPointer) -> Bool {
    unsafe InstallableFilter.isInForce(context) && witness?.isGiven != false
  }
}

/// Names of system calls by number, in pages that stay until the process ends, so that a signal's handler can read
/// them.
@safe
package struct CallNames: Sendable {
  /// The longest name with its terminator.
  private static var width: Int { 32 }
  /// How many numbers have a place.
  package static var count: Int { 512 }
  private let start: UInt

  /// Makes the table by asking for each number's name once.
  package init(_ name: (Int) -> [UInt8]) throws(SystemError) {
    let mapping = try Mapping.anonymous(count: Self.count * Self.width, protection: PROT_READ | PROT_WRITE)
    for number in 0..<Self.count {
      for (index, byte) in name(number).prefix(Self.width - 1).enumerated() {
        // SAFETY: the place is inside the mapping, which starts zeroed.
        unsafe mapping.bytes()[number * Self.width + index] = byte
      }
    }
    start = mapping.start
    mapping.disarm()
  }

  fileprivate func append(_ number: Int, to line: inout Diagnostic) {
    guard number >= 0, number < Self.count else { return line.append("unknown") }
    // SAFETY: the place is inside the mapping, and its last byte is zero.
    var next = unsafe UnsafePointer<UInt8>(bitPattern: start + UInt(number * Self.width)).unsafelyUnwrapped
    if unsafe next.pointee == 0 { line.append("unknown") }
    while unsafe next.pointee != 0 {
      unsafe line.append(byte: next.pointee)
      unsafe next += 1
    }
  }
}

/// Tells the handlers of a receipt that is to be withdrawn if a signal ends the tender before it is sealed.
///
/// No signal comes in between: a handler that saw one half of this would cut the file to another size. Afterwards those
/// are blocked that were before: which ones that is the step of the signals decides, and no other.
func announce(_ receipt: ReceiptFile, _ witness: Witness?) throws(SystemError) {
  var before: UInt = 0
  try unsafe change(clinux_block_signals(&before))
  unsafe reporter?.witness = witness
  unsafe reporter?.receipt = receipt
  try change(clinux_restore_signals(before))
}

private func change(_ result: Int32) throws(SystemError) {
  guard result == 0 else { throw SystemError(call: "rt_sigprocmask", code: unsafe __errno_location().pointee) }
}

extension Seal {
  /// Sets what each signal does, and unblocks all of them.
  ///
  /// Handlers end the process instead of returning, because returning is a system call (`rt_sigreturn`) that the policy
  /// doesn't have. Each signal gets its action here, whatever the launcher set: a broken pipe and a full file are
  /// errors of `write`, and a crash ends the process as a crash.
  package mutating func setSignals(_ block: FixedBlock, with parts: OuterFilter.Parts) throws(Refusal) {
    unsafe reporter = Reporter(block: block, skipped: OuterFilter.skipped(with: parts))
    try establish(.signals) { () throws(SystemError) in
      for signal in [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGQUIT] {
        try unsafe Self.check(clinux_reset_signal(signal), signal, nil)
      }
      for signal in [SIGPIPE, SIGXFSZ] {
        try unsafe Self.check(clinux_ignore_signal(signal), signal, clinux_ignored())
      }
      for signal in [SIGINT, SIGTERM] {
        try unsafe Self.check(clinux_catch_signal(signal, endOnSignal), signal, endOnSignal)
      }
      let trapped: SignalHandler = { _, information, context in unsafe reportSystemCall(information, context) }
      try unsafe Self.check(clinux_catch_signal(SIGSYS, trapped), SIGSYS, trapped)
      guard clinux_drop_pending_signals() == 0, clinux_unblock_signals() == 0 else {
        throw SystemError(call: "rt_sigprocmask", code: unsafe __errno_location().pointee)
      }
      return try .seen("rt_sigprocmask", clinux_blocks_no_signal())
    }
  }

  /// Prepares the handler for `--seccomp=report`: from now on the tender's own filter may trap a system call.
  ///
  /// - Parameters:
  ///   - names: the names by number.
  ///   - fatalNumber: the call that the filter answers by killing.
  package mutating func reportCalls(names: CallNames, fatalNumber: Int) {
    unsafe reporter?.names = names
    unsafe reporter?.fatalNumber = fatalNumber
  }

  /// Checks that a call that sets what a signal does was made.
  private static func check(_ result: Int32, _ signal: Int32, _ handler: SignalHandler?) throws(SystemError) {
    guard result == 0 else { throw SystemError(call: "rt_sigaction", code: unsafe __errno_location().pointee) }
    _ = try unsafe StepEvidence.seen("rt_sigaction", clinux_handles(signal, handler))
  }
}

/// What is called for a signal (sigaction(2)); nil for the default action.
private typealias SignalHandler =
  @convention(c) (Int32, UnsafeMutablePointer<siginfo_t>, UnsafeMutableRawPointer) -> Void

private func endOnSignal(
  _ number: Int32, _ information: UnsafeMutablePointer<siginfo_t>, _ context: UnsafeMutableRawPointer
) {
  guard let reporter = unsafe reporter else { return }
  if let status = reporter.block.endStatus { Process.exit(Int32(status)) }
  // What says that it is sealed is taken back; in a sealed tender the call would be a forbidden one.
  if unsafe !reporter.isSealed(context) { reporter.receipt?.withdraw() }
  var line = Diagnostic(reporter.block)
  line.append("Exiting on signal ")
  line.append(decimal: Int64(number))
  line.end()
}

/// Says which system call was trapped, by an outer filter or by the tender's own in report mode, and ends.
private func reportSystemCall(_ information: UnsafeMutablePointer<siginfo_t>, _ context: UnsafeMutableRawPointer) {
  guard let known = unsafe reporter else { return }
  guard unsafe clinux_is_trap(information) else { return unsafe endOnSignal(SIGSYS, information, context) }
  let number = unsafe clinux_trapped_number(information)
  let isInForce = unsafe InstallableFilter.isInForce(context)
  if ccalls_is_again(number, isInForce) { ccalls_trapped_again(number) }
  if isInForce {
    // What says so is trapped itself, by an outer filter: the tender's own lets it pass.
    if unsafe isReporting { known.die() }
    unsafe isReporting = true
  }
  let isSealed = unsafe known.isSealed(context)
  // What takes the receipt back may be trapped itself, and comes back here.
  unsafe reporter?.receipt = nil
  if !isSealed { known.receipt?.withdraw() }
  var line = Diagnostic(known.block)
  guard isSealed, let names = known.names else {
    line.append("an outer seccomp filter forbids ")
    if isSealed {
      // It would die of the first other call that it tries, and of a word that isn't in the fixed block.
      line.append(callNumbered: number)
      unsafe line.append(terminated: ccalls_remedy())
      line.end(with: number)
    }
    line.writeBeginning()
    ccalls_end(number, known.skipped)
  }
  line.append("forbidden system call ")
  names.append(Int(number), to: &line)
  line.append(" (")
  line.append(decimal: Int64(number))
  line.append("):")
  for index in 0..<Int32(6) {
    line.append(" ")
    line.append(hexadecimal: UInt64(unsafe clinux_trapped_argument(context, index)))
  }
  line.write(with: number)
  known.die()
}

extension Diagnostic {
  /// Appends a call's name, or its number.
  fileprivate mutating func append(callNumbered number: Int32) {
    if let name = unsafe ccalls_name(number) { return unsafe append(terminated: name) }
    append("system call ")
    append(decimal: Int64(number))
  }

  /// Writes the line; without a look at whether there is room for it, where that is what was trapped.
  fileprivate mutating func write(with trapped: Int32) {
    guard trapped == Int32(SystemCall.ppoll.number) else { return write() }
    append(byte: UInt8(ascii: "\n"))
    writeBeginning()
  }

  fileprivate mutating func end(with trapped: Int32) -> Never {
    write(with: trapped)
    Process.exit(1)
  }
}

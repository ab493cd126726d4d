/// Three error numbers by which the thread that runs the guest learns that the filter is in force: the filter's answers
/// to a call that no rule can name.
///
/// An outer filter may answer the installing call in the kernel's place. It can't know these numbers, which are drawn
/// after it was installed. If two filters answer with an error, the kernel takes the younger's answer. Death and a
/// signal take precedence over either (`seccomp_run_filters` in kernel/seccomp.c). So nothing but this filter, in
/// force, gives the numbers.
///
/// The call is `getpid`, which takes no argument and changes nothing. The first argument is 0, 1 or 2, and each has an
/// answer of its own. With any other first argument the call kills, like every call that no rule allows.
package struct Witness: Equatable, Sendable {
  /// The range: error numbers that Linux doesn't have (`include/linux/errno.h` ends at 531), below the greatest that a
  /// filter may answer with (`MAX_ERRNO`, 4095; the kernel replaces greater ones by it).
  package static var numbers: ClosedRange<UInt32> { 1024...4094 }
  /// How many answers there are.
  package static var count: Int { 3 }

  private let first, second, third: UInt32

  /// Takes the answers to the first arguments 0, 1 and 2; nil where one isn't in `numbers`.
  package init?(_ first: UInt32, _ second: UInt32, _ third: UInt32) {
    guard Self.numbers.contains(first), Self.numbers.contains(second), Self.numbers.contains(third) else { return nil }
    self.first = first
    self.second = second
    self.third = third
  }

  /// Draws the answers from at least 12 random bytes.
  package init(drawnFrom bytes: [UInt8]) {
    func draw(_ index: Int) -> UInt32 {
      let word = bytes[4 * index..<4 * index + 4].reduce(0) { $0 << 8 | UInt32($1) }
      return Self.numbers.lowerBound + word % UInt32(Self.numbers.count)
    }
    first = draw(0)
    second = draw(1)
    third = draw(2)
  }

  /// The answers that a program has; nil for one without.
  package init?(answeredBy program: Program, on architecture: Architecture) {
    guard let filter = try? DecodedProgram(decoding: program) else { return nil }
    var answers = InlineArray<3, UInt32>(repeating: 0)
    for index in 0..<Self.count {
      var request = Request(architecture: architecture.rawValue, number: architecture.witnessNumber)
      request.arguments[0] = UInt64(index)
      guard let number = filter.action(for: request).errorNumber else { return nil }
      answers[index] = number
    }
    self.init(answers[0], answers[1], answers[2])
  }

  /// The error number that the call answers with for a first argument from 0 to 2.
  package subscript(argument: Int) -> UInt32 {
    switch argument {
    case 0: first
    case 1: second
    default: third
    }
  }

  /// What the filter does with a call; nil for one that isn't the witness's.
  package func action(on request: Request, _ architecture: Architecture) -> Action? {
    guard request.architecture == architecture.rawValue, request.number == architecture.witnessNumber,
      request.arguments[0] < UInt64(Self.count)
    else { return nil }
    return .error(self[Int(request.arguments[0])])
  }

  /// Whether a filter in force answers as this one does; `call` makes the call with a first argument.
  package func isGiven(by call: (Int) -> Int) -> Bool {
    for argument in 0..<Self.count where call(argument) != -Int(self[argument]) { return false }
    return true
  }
}

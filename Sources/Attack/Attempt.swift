import Host

/// One system call that a sealed probe makes, and what is to become of it.
struct Attempt: Equatable, Sendable {
  /// What the attempt is one of.
  enum Category: String, CaseIterable, Sendable {
    /// Each number of the table and beyond, without arguments.
    case number
    /// Numbers about which some kernels don't ask the filter.
    case unasked
    /// Numbers that no table has: large, negative, and with more than 32 bits.
    case beyond
    case x32, i386
    /// A call that a rule allows, one argument just outside of its condition.
    case outside
    /// The same, just inside.
    case inside
    /// A call that a person named, with arguments that no edge of a rule has.
    case named

    /// The name for people.
    var title: String {
      switch self {
      case .number: "numbers 0 to 1023"
      case .unasked: "not asked about"
      case .beyond: "numbers of no table"
      case .x32: "x32 interface"
      case .i386: "i386 interface"
      case .outside: "argument outside"
      case .inside: "argument inside"
      case .named: "named call"
      }
    }
  }

  /// The result that an attempt must have.
  enum Expectation: String, Sendable {
    /// The filter kills the process.
    case dies
    /// The filter lets it through, whatever the kernel answers.
    case lives
    /// The filter answers with an error that no kernel gives: its witness, under an outer filter.
    case answered
    /// The filter kills the process, or the kernel doesn't ask the filter and refuses the call itself.
    case refused
  }

  let category: Category
  /// What is tried, for people.
  let name: String
  /// The system call that it is an attempt of, or that it could be taken for; nil for a number of no call's.
  let subject: String?
  /// How the processor is asked for the call.
  let interface: CallInterface
  /// All 64 bits that the number's register gets.
  let number: UInt64
  let words: [ArgumentWord]
  let expectation: Expectation

  /// The attempt as the probe reads it.
  var call: String { (["\(interface.name)", numberText] + words.map(\.text)).joined(separator: ":") }

  private var numberText: String {
    let value = Int64(bitPattern: number)
    return value < 0 && value > -65536 ? "\(value)" : ArgumentWord(number).text
  }
}

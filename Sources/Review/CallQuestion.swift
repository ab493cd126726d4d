import CLinux
import Filters
package import Policy
package import Text

/// A system call that a person asks about, such as `write(STDOUT, memory + 16, ...)`.
package struct CallQuestion: Sendable {
  /// An argument.
  enum AskedArgument: Equatable, Sendable {
    case value(UInt64)
    /// Left open: any value.
    case open
    /// A text of no value's, where no rule asks for one.
    case ignored
  }

  /// The text as it was asked.
  let text: String
  /// The call's name, or its number where it has none.
  let name: String
  let number: UInt32
  /// The six arguments.
  let words: [AskedArgument]
  /// How many arguments were given, or are the call's.
  let count: Int

  /// Whether the answer may depend on arguments that were left open.
  var isOpen: Bool { words.prefix(count).contains(.open) }

  /// Reads a question.
  ///
  /// - Parameters:
  ///   - text: the call, with arguments in parentheses or without any, which leaves all open.
  ///   - launch: whose parameters' names the arguments may have.
  /// - Throws: `Complaint` for what can't be read: a call of another processor, an unknown name, too many or too few
  ///   arguments.
  package init(_ text: String, about launch: Launch) throws(Complaint) {
    self.text = text
    let (call, arguments) = try Self.parts(text)
    let (name, number) = try Self.call(call, launch.architecture)
    (self.name, self.number) = (name, number)
    let given = try Self.split(arguments ?? "...", in: text)
    let isCut = given.last == "..."
    let texts = isCut ? Array(given.dropLast()) : given
    guard !texts.contains("...") else { throw Complaint("\(text.shown): `...` stands for all arguments from there on") }
    let known = PolicyCall.allCases.first { $0.number(on: launch.architecture) == number }
    let most = known?.row.arguments.count ?? 6
    guard texts.count <= most else {
      throw Complaint("\(text.shown): \(known == nil ? "a system call" : name) has at most \(most) arguments")
    }
    if let known, !isCut, texts.count < most {
      let names = known.row.arguments.map { "\($0)" }.joined(separator: ", ")
      throw Complaint("\(text.shown): \(name) takes \(names): write `_` for one that is open, or `...` for the rest")
    }
    let values = QuestionNames(launch)
    let isAsked = known != nil || number == launch.architecture.witnessNumber
    var words = try texts.map { (word) throws(Complaint) in
      do throws(Complaint) {
        return try word == "_" ? AskedArgument.open : .value(values.value(of: word))
      } catch {
        guard !isAsked else { throw Complaint("\(text.shown): \(error.message)") }
        return .ignored
      }
    }
    count = isCut || known != nil ? most : texts.count
    words += Array(repeating: .open, count: 6 - words.count)
    self.words = words
  }

  private static func parts(_ text: String) throws(Complaint) -> (call: String, arguments: String?) {
    guard let start = text.firstIndex(of: "(") else { return (text.trimmedOfBlanks, nil) }
    let rest = text[text.index(after: start)...].trimmedOfBlanks
    guard rest.hasSuffix(")") else { throw Complaint("\(text.shown): no `)` at the end") }
    return (text[..<start].trimmedOfBlanks, String(rest.dropLast()))
  }

  private static func call(_ word: String, _ architecture: Architecture) throws(Complaint) -> (String, UInt32) {
    if let number = Numbers.number(of: word, on: architecture) { return (word, number) }
    guard let number = UInt32(word) else {
      throw Complaint("\(word.shown): no system call of \(architecture.name), by name or number")
    }
    return (Numbers.name(of: number, on: architecture) ?? word, number)
  }

  /// The arguments between commas; a comma in a string, as strace prints them, is the string's.
  private static func split(_ arguments: String, in text: String) throws(Complaint) -> [String] {
    if arguments.trimmedOfBlanks.isEmpty { return [] }
    var (words, isString, isEscaped) = ([""], false, false)
    for character in arguments {
      if character == ",", !isString {
        words.append("")
        continue
      }
      if character == "\"", !isEscaped { isString.toggle() }
      isEscaped = character == "\\" && !isEscaped
      words[words.count - 1].append(character)
    }
    words = words.map(\.trimmedOfBlanks)
    guard !words.contains("") else { throw Complaint("\(text.shown): an argument is empty: write `_` for an open one") }
    return words
  }
}

extension StringProtocol {
  fileprivate var trimmedOfBlanks: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}

import Host
import Text

/// Reads the statements of one policy file; `policies/README.md` has the grammar.
struct Parser {
  private var scanner: Scanner
  /// Says whether the file was included, and so may hold constants only.
  private let isIncluded: Bool
  /// What `@include constants` reads.
  private let shared: Source
  private(set) var constants: [Constant] = []
  private var included: [Text] = []
  private var pending = Directives()
  private(set) var rules: [RuleTemplate] = []

  /// What the directives since the last rule say about the next.
  private struct Directives {
    var start: Position?
    var name: Text?
    var hypercall: Text?
    var why: Text?
    var architecture: Architecture?
    var switchedBy: (name: Text, position: Position)?
  }

  /// Reads a whole file, which leaves its rules and constants in the file's order.
  ///
  /// - Parameters:
  ///   - source: the file.
  ///   - shared: what `@include constants` reads.
  ///   - isIncluded: whether the file may hold constants only.
  /// - Throws: `PolicyError` for the first thing that is not in the language, with its place.
  init(reading source: Source, including shared: Source, isIncluded: Bool = false) throws(PolicyError) {
    try self.init(source, shared, isIncluded: isIncluded, constants: [])
  }

  private init(
    _ source: Source, _ shared: Source, isIncluded: Bool, constants: [Constant]
  ) throws(PolicyError) {
    scanner = Scanner(source)
    self.shared = shared
    self.isIncluded = isIncluded
    self.constants = constants
    try readStatements()
  }

  private mutating func readStatements() throws(PolicyError) {
    while true {
      try scanner.skipBreaks()
      guard scanner.next != nil else { break }
      try readStatement()
      try scanner.finishLine()
    }
    guard let start = pending.start else { return }
    throw scanner.failure("directives without a rule", "write the rule that they are for below them", at: start)
  }

  private mutating func readStatement() throws(PolicyError) {
    let start = scanner.position
    if scanner.take("@") { return try readDirective(at: start) }
    guard let word = scanner.takeWord() else {
      throw scanner.failure(
        "expected a directive, a constant or a rule, found \(scanner.found)",
        "begin with `@`, `const` or the name of a system call", at: start)
    }
    if word.spells("const") { return try readConstant() }
    try readRule(for: word, at: start)
  }

  // MARK: Directives

  private mutating func readDirective(at start: Position) throws(PolicyError) {
    guard let word = scanner.takeWord() else {
      throw scanner.failure(
        "`@` without a name", "write `@rule`, `@for`, `@why`, `@arch`, `@when` or `@include`", at: start)
    }
    scanner.skipBlanks()
    if word.spells("include") { return try readInclude(at: start) }
    try refuseIfIncluded(at: start)
    if pending.start == nil { pending.start = start }
    if word.spells("rule") {
      pending.name = try takeOnlyName(for: "rule", insteadOf: pending.name, at: start)
    } else if word.spells("for") {
      pending.hypercall = try takeOnlyName(for: "for", insteadOf: pending.hypercall, at: start)
    } else if word.spells("why") {
      try readReason(at: start)
    } else if word.spells("arch") {
      try readArchitecture(at: start)
    } else if word.spells("when") {
      try readSwitch(at: start)
    } else {
      throw scanner.failure(
        "unknown directive `@\(word.text)`", "write `@rule`, `@for`, `@why`, `@arch`, `@when` or `@include`", at: start)
    }
  }

  private func refuseIfIncluded(at start: Position) throws(PolicyError) {
    guard isIncluded else { return }
    throw scanner.failure("an included file holds more than constants", "move this to a module's own file", at: start)
  }

  private mutating func readInclude(at start: Position) throws(PolicyError) {
    try refuseIfIncluded(at: start)
    let place = scanner.position
    let name = try takeName("a policy file's name")
    guard !included.contains(where: { name.isSame(as: $0) }) else {
      throw scanner.failure("a second `@include \(name.text)`", "keep one", at: start)
    }
    included.append(name.text)
    guard name.spells("constants") else {
      throw scanner.failure("no shared file `\(name.text)`", "include `constants`", at: place)
    }
    constants = try Parser(shared, shared, isIncluded: true, constants: constants).constants
  }

  private mutating func takeOnlyName(
    for directive: StaticString, insteadOf earlier: Text?, at start: Position
  ) throws(PolicyError) -> Text {
    guard earlier == nil else {
      throw scanner.failure("a second `@\(directive)` for one rule", "keep one", at: start)
    }
    return try takeName("a name").text
  }

  private mutating func readReason(at start: Position) throws(PolicyError) {
    let text = try scanner.takeLine()
    guard !text.bytes.isEmpty else {
      throw scanner.failure("`@why` without a reason", "say why the tender makes the call", at: start)
    }
    pending.why = if let before = pending.why { "\(before) \(text)" } else { text }
  }

  private mutating func readArchitecture(at start: Position) throws(PolicyError) {
    guard pending.architecture == nil else {
      throw scanner.failure("a second `@arch` for one rule", "keep one, or leave it out for all", at: start)
    }
    let place = scanner.position
    let name = try takeName("an architecture")
    for architecture in Architecture.allCases where name.spells(architecture.name) {
      pending.architecture = architecture
    }
    guard pending.architecture != nil else {
      throw scanner.failure("unknown architecture `\(name.text)`", "write `x86_64` or `aarch64`", at: place)
    }
  }

  private mutating func readSwitch(at start: Position) throws(PolicyError) {
    guard pending.switchedBy == nil else {
      throw scanner.failure("a second `@when` for one rule", "keep one", at: start)
    }
    let place = scanner.position
    pending.switchedBy = (try takeParameter(), place)
  }

  // MARK: Constants and values

  private mutating func readConstant() throws(PolicyError) {
    scanner.skipBlanks()
    let place = scanner.position
    let name = try takeName("a constant's name")
    guard index(of: name) == nil else {
      throw scanner.failure("a second constant `\(name.text)`", "choose another name", at: place)
    }
    try expect("=")
    let value = try takeValue()
    constants.append(Constant(name: name.text, value: value, file: scanner.source.name, position: place))
  }

  private func index(of name: Word) -> Int? {
    for index in constants.indices where name.isSame(as: constants[index].name) { return index }
    return nil
  }

  private mutating func takeName(_ what: StaticString) throws(PolicyError) -> Word {
    if let name = scanner.takeWord() { return name }
    throw scanner.failure(
      "expected \(what), found \(scanner.found)", "write a word of letters, digits and `_`", at: scanner.position)
  }

  private mutating func takeParameter() throws(PolicyError) -> Text {
    guard scanner.take("$") else {
      throw scanner.failure(
        "expected a parameter, found \(scanner.found)", "write `$` and its name", at: scanner.position)
    }
    return try takeName("a parameter's name").text
  }

  /// Takes a number or a constant's name, with blanks around it.
  private mutating func takeValue() throws(PolicyError) -> UInt64 {
    scanner.skipBlanks()
    let place = scanner.position
    if let number = try scanner.takeNumber() { return number }
    guard let name = scanner.takeWord() else {
      throw scanner.failure(
        "expected a value, found \(scanner.found)", "write a number or a constant's name", at: place)
    }
    guard let index = index(of: name) else {
      throw scanner.failure(
        "unknown constant `\(name.text)`", "define it above with `const`, or write `$\(name.text)` for a parameter",
        at: place)
    }
    constants[index].isUsed = true
    return constants[index].value
  }

  private mutating func takeOperand() throws(PolicyError) -> Operand {
    scanner.skipBlanks()
    return scanner.next == UInt8(ascii: "$") ? .parameter(try takeParameter()) : .literal(try takeValue())
  }

  private mutating func expect(_ mark: StaticString) throws(PolicyError) {
    scanner.skipBlanks()
    let place = scanner.position
    guard scanner.take(mark) else {
      throw scanner.failure("expected `\(mark)`, found \(scanner.found)", "write `\(mark)` here", at: place)
    }
  }

  // MARK: Rules

  private mutating func readRule(for word: Word, at start: Position) throws(PolicyError) {
    try refuseIfIncluded(at: start)
    guard let call = PolicyCall(named: word) else {
      throw scanner.failure(
        "unknown system call `\(word.text)`", "choose one of the table in PolicyCall.swift, or add it there", at: start)
    }
    try expect(":")
    let conditions = try readConditions(of: call, at: start)
    guard let name = pending.name, let hypercall = pending.hypercall, let why = pending.why else {
      throw scanner.failure(
        "the rule for `\(word.text)` does not say what it is for", "write `@rule`, `@for` and `@why` above it",
        at: start)
    }
    for rule in rules where rule.name == name {
      throw scanner.failure("a second rule `\(name)`", "choose another name for `@rule`", at: pending.start ?? start)
    }
    rules.append(
      RuleTemplate(
        name: name, hypercall: hypercall, why: why, architecture: pending.architecture,
        switchedBy: pending.switchedBy, call: call, conditions: conditions, position: start))
    pending = Directives()
  }

  private mutating func readConditions(
    of call: PolicyCall, at start: Position
  ) throws(PolicyError) -> [ConditionTemplate] {
    let names = call.row.arguments
    var conditions: [ConditionTemplate?] = Array(repeating: nil, count: names.count)
    repeat {
      try scanner.skipBreaks()
      let place = scanner.position
      let name = try takeName("an argument's name")
      guard let index = names.firstIndex(where: { name.spells($0) }) else {
        throw scanner.failure(
          "`\(call.row.name)` has no argument `\(name.text)`", "its arguments are \(list(names))", at: place)
      }
      guard conditions[index] == nil else {
        throw scanner.failure("a second condition on `\(name.text)`", "write one for each argument", at: place)
      }
      conditions[index] = try readComparison(of: name)
      scanner.skipBlanks()
    } while scanner.take("&&")
    for index in conditions.indices where conditions[index] == nil {
      throw scanner.failure(
        "no condition on `\(names[index])` of `\(call.row.name)`", "write one; every argument is pinned", at: start)
    }
    return conditions.compactMap { $0 }
  }

  private func list(_ names: [StaticString]) -> Text {
    var text = Text()
    for (index, name) in names.enumerated() {
      text.append(index == 0 ? "`\(name)`" : ", `\(name)`" as Text)
    }
    return text
  }

  private mutating func readComparison(of name: Word) throws(PolicyError) -> ConditionTemplate {
    scanner.skipBlanks()
    if scanner.take("==") { return try readEquality() }
    if scanner.take("<=") { return try readBound(of: name) }
    if scanner.take("&") { return try readMask(of: name) }
    let place = scanner.position
    if let word = scanner.takeWord(), word.spells("in") { return try readWindow(of: name) }
    throw scanner.failure(
      "`\(name.text)` is not compared with anything", "write `==`, `& MASK ==`, `<=` or `in $WINDOW` after it",
      at: place)
  }

  private mutating func readEquality() throws(PolicyError) -> ConditionTemplate {
    scanner.skipBlanks()
    let place = scanner.position
    return ConditionTemplate(shape: .equal, mask: .max, operand: try takeOperand(), limit: .max, position: place)
  }

  private mutating func readMask(of name: Word) throws(PolicyError) -> ConditionTemplate {
    scanner.skipBlanks()
    let place = scanner.position
    let mask = try takeValue()
    guard (~mask).nonzeroBitCount <= Limits.freeBits else {
      throw scanner.failure(
        "the mask leaves \((~mask).nonzeroBitCount) bits of `\(name.text)` free",
        "leave \(Limits.freeBits) or fewer, that is \(Limits.plain) values", at: place)
    }
    try expect("==")
    scanner.skipBlanks()
    let operandPlace = scanner.position
    let operand = try takeOperand()
    if case .literal(let value) = operand, value & ~mask != 0 {
      throw scanner.failure("the value has bits outside the mask, so it is never met", "clear them", at: operandPlace)
    }
    return ConditionTemplate(shape: .masked, mask: mask, operand: operand, limit: .max, position: operandPlace)
  }

  private mutating func readBound(of name: Word) throws(PolicyError) -> ConditionTemplate {
    scanner.skipBlanks()
    let place = scanner.position
    let operand = try takeOperand()
    let stated = try takeLimit()
    guard case .literal(let bound) = operand else {
      guard let stated else { throw missingLimit(of: name, at: place) }
      return ConditionTemplate(shape: .atMost, mask: .max, operand: operand, limit: stated, position: place)
    }
    let limit = stated ?? Limits.plain - 1
    guard bound <= limit else {
      throw scanner.failure(
        "`\(name.text)` may be \(bound), more than \(limit)", "lower it, or grant it by `max` after the bound",
        at: place)
    }
    return ConditionTemplate(shape: .atMost, mask: .max, operand: operand, limit: limit, position: place)
  }

  private mutating func readWindow(of name: Word) throws(PolicyError) -> ConditionTemplate {
    scanner.skipBlanks()
    let place = scanner.position
    let window = try takeParameter()
    guard let limit = try takeLimit() else { throw missingLimit(of: name, at: place) }
    return ConditionTemplate(
      shape: .window, mask: .max, operand: .parameter(window), limit: limit, position: place)
  }

  private func missingLimit(of name: Word, at place: Position) -> PolicyError {
    scanner.failure(
      "how many values `\(name.text)` admits is left to a parameter", "write `max` and the greatest that it may be",
      at: place)
  }

  /// Takes `max` and a value if they come next.
  private mutating func takeLimit() throws(PolicyError) -> UInt64? {
    scanner.skipBlanks()
    guard scanner.take("max") else { return nil }
    scanner.skipBlanks()
    let place = scanner.position
    let limit = try takeValue()
    guard limit <= Limits.granted else {
      throw scanner.failure(
        "`max` is above \(Limits.granted)", "grant no more than a file's greatest offset", at: place)
    }
    return limit
  }
}

/// How many values a condition may admit.
enum Limits {
  /// The bits that a mask may leave free.
  static let freeBits = 32
  /// The values that an argument may admit without saying so by `max`: 2^32.
  static let plain: UInt64 = 1 << 32
  /// The greatest value that `max` may grant.
  static let granted = Bounds.offset
}

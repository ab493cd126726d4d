import Policy
import Testing
import Text

/// To add one: a `Case` in `cases`: a rule, its bindings, and the error if there is one; two rules, in `pairs`.
@Suite("Bindings")
struct BindingTests {
  static let head = "@rule a\n@for HALT\n@why Ends.\n"

  struct Case: CustomTestStringConvertible, Sendable {
    let rule: String
    let bindings: [Binding]
    /// The column of the error in line 4, and words of it; nil if the bindings are fine.
    let error: (column: Int, words: String)?
    var testDescription: String { "\(rule) \(bindings.map { "\($0.name)=\($0.value)" })" }

    init(_ rule: String, _ bindings: [(StaticString, UInt64)], _ column: Int, _ words: String) {
      (self.rule, error) = (rule, (column, words))
      self.bindings = bindings.map { Binding($0.0, $0.1) }
    }

    init(_ rule: String, _ bindings: [(StaticString, UInt64)]) {
      (self.rule, error) = (rule, nil)
      self.bindings = bindings.map { Binding($0.0, $0.1) }
    }
  }

  static let equal = "exit_group: status == $s"
  static let bound = "exit_group: status <= $s max 1M"
  static let masked = "exit_group: status & 0xffff_ffff_ffff_f000 == $s"
  static let window = "exit_group: status in $w max 4G"

  static let cases = [
    Case(equal, [("s", 0)]), Case(equal, [("s", .max)]),
    Case(equal, [], 23, "`$s` has no value"),
    Case(equal, [("S", 1), ("st", 1), ("", 1)], 23, "`$s` has no value"),
    Case(equal, [("s", 1), ("s", 1)], 23, "`$s` has two values"),
    Case(bound, [("s", 0)]), Case(bound, [("s", 1 << 20)]),
    Case(bound, [("s", 1 << 20 + 1)], 23, "more than the 1048576 that the file grants"),
    Case(bound, [("s", .max)], 23, "the value bound is 18446744073709551615"),
    Case(masked, [("s", 0x7000)]), Case(masked, [("s", 0x7001)], 47, "bits outside the mask"),
    Case(window, [("w", 1 << 40), ("w_size", 1 << 32)]), Case(window, [("w", 4096), ("w_size", 4096)]),
    Case(window, [("w", 7), ("w_size", 1)]),
    Case(window, [("w", 1 << 40)], 23, "`$w_size` has no value"),
    Case(window, [("w_size", 4096)], 23, "`$w` has no value"),
    Case(window, [("w", 1 << 40), ("w_size", 0)], 23, "the window's size 0 is no power of two"),
    Case(window, [("w", 1 << 40), ("w_size", 0x3000)], 23, "the window's size 12288 is no power of two"),
    Case(window, [("w", 1 << 40), ("w_size", 1 << 33)], 23, "more than the 4294967296 that the file grants"),
    Case(window, [("w", 1 << 63), ("w_size", 1 << 63)], 23, "more than the 4294967296 that the file grants"),
    Case(window, [("w", 0), ("w_size", 4096)], 23, "base 0x0 is no multiple"),
    Case(window, [("w", 0x1800), ("w_size", 4096)], 23, "base 0x1800 is no multiple of its size 4096"),
  ]

  @Test("are checked against what the file grants", arguments: cases)
  func isChecked(_ example: Case) throws {
    let file = try PolicyFile(.text(Self.head + example.rule))
    guard let expected = example.error else {
      #expect(try Policy(files: [(file, example.bindings)]).rules.count == 1)
      return
    }
    let error = try #require(throws: PolicyError.self) { _ = try Policy(files: [(file, example.bindings)]) }
    #expect(error.position == Position(line: 4, column: expected.column))
    #expect(error.message.string.contains(expected.words), "\(error.message.string)")
  }

  @Test("must not be given both for a module and for all")
  func refusesBoth() throws {
    let file = try PolicyFile(.text(Self.head + Self.equal))
    #expect(throws: PolicyError.self) {
      _ = try Policy(files: [(file, [Binding("s", 1)])], common: [Binding("s", 1)])
    }
  }

  @Test("switch a rule off by zero", arguments: [(0, 0), (1, 1), (7, 1), (.max, 1)] as [(UInt64, Int)])
  func switchesOff(_ value: UInt64, _ rules: Int) throws {
    let file = try PolicyFile(.text(Self.head + "@when $writable\nexit_group: status == 0"))
    #expect(try Policy(files: [(file, [Binding("writable", value)])]).rules.count == rules)
    let error = try #require(throws: PolicyError.self) { _ = try Policy(files: [(file, [])]) }
    #expect(error.position == Position(line: 4, column: 7))
  }

  @Test("that a rule switched off would need may be missing")
  func ignoresUnused() throws {
    let file = try PolicyFile(.text(Self.head + "@when $on\nexit_group: status == $s"))
    #expect(try Policy(files: [(file, [Binding("on", 0)])]).rules.isEmpty)
  }

  /// Two rules for one call, and whether the language allows them together.
  static let pairs: [(String, String, Bool)] = [
    ("fd == 1 && buf == 1 && count <= 5", "fd == 2 && buf == 1 && count <= 9", true),
    ("fd == 1 && buf == 1 && count <= 5", "fd == 1 && buf == 2 && count <= 9", true),
    ("fd == 1 && buf == 1 && count == 5", "fd == 1 && buf == 1 && count == 6", true),
    ("fd == 1 && buf == 1 && count <= 5", "fd == 1 && buf == 1 && count <= 5", false),
    ("fd == 1 && buf == 1 && count <= 5", "fd == 1 && buf == 1 && count <= 6", false),
    ("fd == 1 && buf == 1 && count <= 5", "fd == 1 && buf == 1 && count == 6", false),
    ("fd <= 1 && buf == 1 && count == 5", "fd <= 1 && buf == 2 && count == 5", false),
    ("fd <= 1 && buf == 1 && count == 5", "fd <= 2 && buf == 2 && count == 5", false),
    ("fd == 1 && buf in $w max 4K && count == 1", "fd == 1 && buf == 0x10fff && count == 1", false),
    ("fd == 1 && buf in $w max 4K && count == 1", "fd == 1 && buf == 0x11000 && count == 1", true),
    (
      "fd == 1 && buf & 0xffff_ffff_ffff_fff0 == 0 && count == 1",
      "fd == 1 && buf & 0xffff_ffff_ffff_ff0f == 1 && count == 1", false
    ),
    (
      "fd == 1 && buf & 0xffff_ffff_ffff_fff0 == 0 && count == 1",
      "fd == 1 && buf & 0xffff_ffff_ffff_ff1f == 0x11 && count == 1", true
    ),
  ]

  @Test("must keep the rules of a call apart", arguments: pairs)
  func keepsApart(_ first: String, _ second: String, _ isAllowed: Bool) throws {
    let other = Self.head.replacing("@rule a", with: "@rule b")
    for (one, two) in [(first, second), (second, first)] {
      let file = try PolicyFile(.text(Self.head + "write: \(one)\n" + other + "write: \(two)\n"))
      let window = [Binding("w", 0x10000), Binding("w_size", 4096)]
      guard isAllowed else {
        let error = try #require(throws: PolicyError.self) { _ = try Policy(files: [(file, window)]) }
        #expect(error.position == Position(line: 8, column: 1))
        #expect(error.message.string.contains("rules `a` and `b` are not told apart before a range"))
        continue
      }
      let policy = try Policy(files: [(file, window)])
      _ = try Proof(of: Program(compiling: policy), against: policy)
    }
  }

  @Test("must give two devices two descriptors")
  func refusesSharedDescriptor() throws {
    let error = try #require(throws: PolicyError.self) {
      _ = try Policy(of: .made([.disk(7), .disk(7)]))
    }
    #expect(error.message.string.hasPrefix("block.policy:"), "\(error.message.string)")
  }
}

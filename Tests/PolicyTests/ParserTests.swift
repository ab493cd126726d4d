import Policy
import Testing
import Text

/// To add one: a `Rejected` in `rejected`: the file, the error's line and column, and words of it; or in `accepted`.
@Suite("Policy files")
struct ParserTests {
  /// A file whose error is expected at a place, with words that its message must hold.
  struct Rejected: CustomTestStringConvertible, Sendable {
    let text: String
    let line: Int
    let column: Int
    let words: String
    var testDescription: String { "\(line):\(column) \(words)" }

    init(_ text: String, _ line: Int, _ column: Int, _ words: String) {
      (self.text, self.line, self.column, self.words) = (text, line, column, words)
    }
  }

  static let head = "@rule a\n@for HALT\n@why Ends.\n"

  static let rejected = [
    // Bytes and statements
    Rejected("%", 1, 1, "expected a directive, a constant or a rule, found `%`"),
    Rejected("\u{1}", 1, 1, "found byte 0x01"),
    Rejected("# caf\u{e9}", 1, 6, "byte 0xc3 is not printable ASCII"),
    Rejected("const A = 1\r\n", 1, 12, "byte 0x0d after the end of the statement"),
    Rejected("@why a\u{1b}[2J\n", 1, 7, "byte 0x1b is not printable ASCII"),
    Rejected("\n\n  = 1", 3, 3, "found `=`"),
    Rejected("1", 1, 1, "found `1`"),
    // Directives
    Rejected("@", 1, 1, "`@` without a name"),
    Rejected("@ rule a", 1, 1, "`@` without a name"),
    Rejected("@frequency 3", 1, 1, "unknown directive `@frequency`"),
    Rejected("@rule", 1, 6, "expected a name, found the end of the file"),
    Rejected("@rule\n", 1, 6, "expected a name, found the end of the line"),
    Rejected("@rule 7", 1, 7, "expected a name, found `7`"),
    Rejected("@rule a b", 1, 9, "`b` after the end of the statement"),
    Rejected("@rule a\n@rule b", 2, 1, "a second `@rule` for one rule"),
    Rejected("@for A\n\n @for B", 3, 2, "a second `@for` for one rule"),
    Rejected("@why", 1, 1, "`@why` without a reason"),
    Rejected("@why   \n", 1, 1, "`@why` without a reason"),
    Rejected("@arch i386", 1, 7, "unknown architecture `i386`"),
    Rejected("@arch aarch64\n@arch aarch64", 2, 1, "a second `@arch`"),
    Rejected("@when x", 1, 7, "expected a parameter, found `x`"),
    Rejected("@when $", 1, 8, "expected a parameter's name"),
    Rejected("@when $x\n@when $y", 2, 1, "a second `@when`"),
    Rejected("@include", 1, 9, "expected a policy file's name"),
    Rejected("@include console", 1, 10, "no shared file `console`"),
    Rejected("@include constants\n@include constants", 2, 1, "a second `@include constants`"),
    Rejected("@rule a\n@for B\n", 1, 1, "directives without a rule"),
    Rejected("# x\n  @arch x86_64", 2, 3, "directives without a rule"),
    // Constants and numbers
    Rejected("const", 1, 6, "expected a constant's name"),
    Rejected("const A", 1, 8, "expected `=`, found the end of the file"),
    Rejected("const A = ", 1, 11, "expected a value, found the end of the file"),
    Rejected("const A = B", 1, 11, "unknown constant `B`"),
    Rejected("const A = $b", 1, 11, "expected a value, found `$`"),
    Rejected("const A = 1\nconst A = 1", 2, 7, "a second constant `A`"),
    Rejected("const A = 1 2", 1, 13, "`2` after the end of the statement"),
    Rejected("const A = 18446744073709551616", 1, 11, "does not fit 64 bits"),
    Rejected("const A = 0x1_0000_0000_0000_0000", 1, 11, "does not fit 64 bits"),
    Rejected("const A = 17179869184G", 1, 11, "does not fit 64 bits"),
    Rejected("const A = 99999999999999999999999999999999999999", 1, 11, "does not fit 64 bits"),
    Rejected("const A = 0x", 1, 11, "`0x` has no digits"),
    Rejected("const A = 0x_1", 1, 11, "`0x` has no digits"),
    Rejected("const A = 12ab", 1, 13, "the number goes on with `a`"),
    Rejected("const A = 1KB", 1, 13, "the number goes on with `B`"),
    Rejected("const A = 0X10", 1, 12, "the number goes on with `X`"),
    Rejected("const A = -1", 1, 11, "expected a value, found `-`"),
    // Rules
    Rejected(head + "open: fd == 1", 4, 1, "unknown system call `open`"),
    Rejected(head + "getppid: fd == 1", 4, 1, "unknown system call `getppid`"),
    Rejected(head + "Write: fd == 1", 4, 1, "unknown system call `Write`"),
    Rejected(head + "exit_group status == 0", 4, 12, "expected `:`, found `s`"),
    Rejected(head + "exit_group:", 4, 12, "expected an argument's name, found the end of the file"),
    Rejected(head + "exit_group: 1", 4, 13, "expected an argument's name, found `1`"),
    Rejected(head + "exit_group: arg0 == 0", 4, 13, "`exit_group` has no argument `arg0`; its arguments are `status`"),
    Rejected(head + "write: x == 0", 4, 8, "its arguments are `fd`, `buf`, `count`"),
    Rejected(head + "exit_group: status", 4, 19, "`status` is not compared with anything"),
    Rejected(head + "exit_group: status >= 1", 4, 20, "`status` is not compared with anything"),
    Rejected(head + "exit_group: status < 1", 4, 20, "`status` is not compared with anything"),
    Rejected(head + "exit_group: status != 1", 4, 20, "`status` is not compared with anything"),
    Rejected(head + "exit_group: status = 1", 4, 20, "`status` is not compared with anything"),
    Rejected(head + "exit_group: status within $w", 4, 20, "`status` is not compared with anything"),
    Rejected(head + "exit_group: status ==", 4, 22, "expected a value"),
    Rejected(head + "exit_group: status == 1 || status == 2", 4, 25, "`|` after the end of the statement"),
    Rejected(head + "exit_group: status == 1 &&", 4, 27, "expected an argument's name"),
    Rejected(head + "exit_group: status == 1 && status == 2", 4, 28, "a second condition on `status`"),
    Rejected(head + "exit_group: status == 1 & 2", 4, 25, "`&` after the end of the statement"),
    Rejected(head + "exit_group: status == STATUS", 4, 23, "unknown constant `STATUS`"),
    Rejected(head + "write: fd == 1 && count <= 2", 4, 1, "no condition on `buf` of `write`"),
    Rejected(head + "write: buf == 1 && count <= 2", 4, 1, "no condition on `fd` of `write`"),
    Rejected(
      head + "\n\nppoll: fds == 1 && nfds == 1 && tmo_p == 0 && sigmask == 0", 6, 1, "no condition on `sigsetsize`"),
    Rejected("exit_group: status == 0", 1, 1, "does not say what it is for"),
    Rejected("@rule a\n@for B\nexit_group: status == 0", 3, 1, "does not say what it is for"),
    Rejected("@why a\n@for B\nexit_group: status == 0", 3, 1, "does not say what it is for"),
    Rejected(
      head + "exit_group: status == 0\n" + head + "exit_group: status == 1", 5, 1, "a second rule `a`"),
    // How many values a condition admits
    Rejected(head + "exit_group: status <= $s", 4, 23, "how many values `status` admits is left to a parameter"),
    Rejected(head + "exit_group: status in $s", 4, 23, "how many values `status` admits is left to a parameter"),
    Rejected(head + "exit_group: status <= 256 max 255", 4, 23, "`status` may be 256, more than 255"),
    Rejected(head + "exit_group: status <= 0x1_0000_0000", 4, 23, "`status` may be 4294967296, more than 4294967295"),
    Rejected(head + "exit_group: status <= $s max 0x8000_0000_0000_0000", 4, 30, "`max` is above 9223372036854775807"),
    Rejected(head + "exit_group: status <= $s max", 4, 29, "expected a value"),
    Rejected(head + "exit_group: status <= $s max $t", 4, 30, "expected a value, found `$`"),
    Rejected(head + "exit_group: status == $s max 3", 4, 26, "`m` after the end of the statement"),
    Rejected(head + "exit_group: status & 0 == 0", 4, 22, "the mask leaves 64 bits of `status` free"),
    Rejected(head + "exit_group: status & 0x7fff_ffff == 0", 4, 22, "the mask leaves 33 bits of `status` free"),
    Rejected(head + "exit_group: status & 0xffff_ffff_ffff_ff00 == 1", 4, 47, "bits outside the mask"),
    Rejected(head + "exit_group: status & $m == 1", 4, 22, "expected a value, found `$`"),
    Rejected(head + "exit_group: status & 0xffff_ffff_0000_0000 <= 1", 4, 44, "expected `==`, found `<`"),
    Rejected(head + "exit_group: status in 0x1000 max 4K", 4, 23, "expected a parameter, found `0`"),
  ]

  @Test("outside the language are refused where they leave it", arguments: rejected)
  func refuses(_ rejected: Rejected) throws {
    let error = try #require(throws: PolicyError.self) { _ = try PolicyFile(.text(rejected.text)) }
    #expect(error.message.string.hasPrefix("t.policy:\(rejected.line):\(rejected.column): "), "\(error.message.string)")
    #expect(error.message.string.contains(rejected.words), "\(error.message.string)")
    #expect(error.advice.bytes.count > 4)
  }

  static let accepted: [(text: String, rules: Int)] = [
    ("", 0),
    ("\n\n \t\n", 0),
    ("# only a comment", 0),
    ("const A = 0x7fff_ffff_ffff_ffff # the greatest\nconst B=A", 0),
    ("const A = 16777215G", 0),
    ("@include constants\n", 0),
    (head + "exit_group: status == 0", 1),
    (head + "exit_group:status==0#x", 1),
    (head + "exit_group:\n  # why not\n  status\t==\t0\n", 1),
    (head + "exit_group: status <= 0xffff_ffff", 1),
    (head + "exit_group: status <= 0x1_0000_0000 max 0x1_0000_0000", 1),
    (head + "exit_group: status & 0xffff_ffff_ffff_ff00 == 0", 1),
    (head + "exit_group: status & 0xffff_ffff_0000_0000 == 0x1_0000_0000", 1),
    (head + "const A = 1\nexit_group: status == A", 1),
    (head + "write: count == 1 &&\n\n buf == 2 && # last\nfd == 3", 1),
    (head + "@arch x86_64\nexit_group: status == 0", 1),
    (head + "@arch aarch64\nexit_group: status == 0", 0),
    ("@why One,\n@why two.\n@for X\n@rule y\nexit_group: status == 0", 1),
  ]

  @Test("inside the language are read", arguments: accepted)
  func reads(_ accepted: (text: String, rules: Int)) throws {
    let policy = try Policy(files: [(try PolicyFile(.text(accepted.text)), [])], architecture: .x86_64)
    #expect(policy.rules.count == accepted.rules)
  }

  @Test("cannot begin a line with `&&`")
  func refusesLeadingMark() throws {
    let error = try #require(throws: PolicyError.self) {
      _ = try PolicyFile(.text("@rule a\nwrite: fd == 1\n&& buf == 2"))
    }
    #expect(error.position == Position(line: 2, column: 1))
  }

  @Test("that are shipped are read, each with a rule", arguments: Module.allCases)
  func readsShipped(_ module: Module) throws {
    let file = try PolicyFile(module.source)
    let policy = try Policy(files: [(file, [])], common: Launch.made([.disk(10), .tap(11)]).values)
    #expect(!policy.rules.isEmpty)
    for rule in policy.rules {
      #expect(rule.conditions.count == rule.call.row.arguments.count)
      #expect(rule.why.bytes.last == UInt8(ascii: "."))
      #expect(rule.hypercall.bytes.allSatisfy { (65...90).contains($0) || $0 == 95 })
    }
  }

  @Test("include the constants that are given, and tell which are used")
  func includes() throws {
    let shared = Source(name: "constants.policy", bytes: Array("const A = 7\nconst B = 8\n".utf8))
    let file = try PolicyFile(
      .text("@include constants\nconst C = B\n@rule a\n@for X\n@why Y\nexit_group: status == C\nconst D = 1"),
      including: shared)
    #expect(file.constants.map(\.name) == ["A", "B", "C", "D"])
    #expect(file.constants.map(\.isUsed) == [false, true, true, false])
    #expect(file.constants.map { "\($0.file)" } == ["constants.policy", "constants.policy", "t.policy", "t.policy"])
    #expect(file.grants.map(\.operand) == [.literal(8)])
    #expect(
      try PolicyFile.constants(in: shared).map(\.position) == [
        Position(line: 1, column: 7), Position(line: 2, column: 7),
      ])
    #expect(throws: PolicyError.self) { try PolicyFile.constants(in: .text("@rule a")) }
  }

  @Test("never trap the parser, whatever bytes they hold")
  func isTotal() {
    var generator = SplitMix(seed: 0x6272_6967)
    let shipped = Module.allCases.map(\.source.bytes)
    let alphabet = Array("@$&=<|:#_ \n\tabcxKMG019x\u{0}\u{7f}".utf8) + [0x80, 0xff]
    var read = 0
    for round in 0..<6000 {
      var bytes = shipped[round % shipped.count]
      for _ in 0...Int.random(in: 0..<4, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[place] = alphabet.randomElement(using: &generator) ?? 0
        case 1: bytes.insert(alphabet.randomElement(using: &generator) ?? 0, at: place)
        case 2: bytes.remove(at: place)
        default: bytes.removeSubrange(place...)
        }
        if bytes.isEmpty { bytes = [10] }
      }
      if (try? PolicyFile(Source(name: "t.policy", bytes: bytes))) != nil { read += 1 }
    }
    #expect((100..<5900).contains(read), "seed 0x62726967: \(read) of 6000 were read")
  }
}

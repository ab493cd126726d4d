import CLinux
import CSeccomp
import Policy
import Testing
import Text

/// Rules that libseccomp 2.5.4 compiles to something else: why the language is narrow, and why there is a proof.
///
/// To add one: a `Case` in `cases`: the rules, and the arguments of a call on which policy and program differ.
@Suite("Miscompiled rules", .serialized)
struct MiscompilationTests {
  enum Comparison: Sendable {
    case equal(UInt64)
    case masked(UInt64, UInt64)
    case atMost(UInt64)
    /// `>= 2^63`, which a policy can state as one bit.
    case topBit

    var condition: Condition {
      switch self {
      case .equal(let value): Condition(shape: .equal, value: value)
      case .masked(let mask, let value): Condition(shape: .masked, mask: mask, value: value)
      case .atMost(let value): Condition(shape: .atMost, value: value)
      case .topBit: Condition(shape: .masked, mask: 1 << 63, value: 1 << 63)
      }
    }

    func argument(_ index: UInt32) -> scmp_arg_cmp {
      switch self {
      case .equal(let value): scmp_arg_cmp(arg: index, op: SCMP_CMP_EQ, datum_a: value, datum_b: 0)
      case .masked(let mask, let value): scmp_arg_cmp(arg: index, op: SCMP_CMP_MASKED_EQ, datum_a: mask, datum_b: value)
      case .atMost(let value): scmp_arg_cmp(arg: index, op: SCMP_CMP_LE, datum_a: value, datum_b: 0)
      case .topBit: scmp_arg_cmp(arg: index, op: SCMP_CMP_GE, datum_a: 1 << 63, datum_b: 0)
      }
    }
  }

  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let rules: [[Comparison]]
    /// A call on which policy and program differ, found by brute force.
    let arguments: [UInt64]
    let isAllowed: Bool
  }

  static let cases = [
    Case(
      testDescription: "two ranges under one descriptor: stricter",
      rules: [[.equal(7), .atMost(5)], [.equal(7), .atMost(0x1_0000_0000)]],
      arguments: [7, 0xffff_ffff], isAllowed: true),
    Case(
      testDescription: "two ranges under one window and length: stricter",
      rules: [
        [.masked(~0x1f_ffff, 0), .atMost(0), .atMost(0xffff_fffe)],
        [.masked(~0x1f_ffff, 0), .atMost(0x2_0000_0000), .atMost(0xffff_fffe)],
      ], arguments: [0x12_a678, 3, 1], isAllowed: true),
    Case(
      testDescription: "a range before an equality: weaker",
      rules: [
        [.atMost(0), .equal(0xffff_ffff), .equal(.max)], [.atMost(8), .equal(0xffff_ffff), .equal(0x7fff_0000_1000)],
      ], arguments: [1, 0xffff_ffff, .max], isAllowed: false),
    Case(
      testDescription: "a range before a masked equality: weaker",
      rules: [[.atMost(0), .masked(~1, 2)], [.atMost(8), .equal(0x7fff_0000_1000)]],
      arguments: [8, 2], isAllowed: false),
    Case(
      testDescription: "`>=` and `<=` under one descriptor: weaker",
      rules: [[.equal(0x1_0000_0001), .topBit], [.equal(0x1_0000_0001), .atMost(0x1_0000_0001)]],
      arguments: [0x1_0000_0001, 0x1_8000_0000], isAllowed: false),
    Case(
      testDescription: "`<=` and `>=` under one descriptor: weaker",
      rules: [[.equal(0x1_0000_0000), .atMost(0x1_0000_0000)], [.equal(0x1_0000_0000), .topBit]],
      arguments: [0x1_0000_0000, 0x1_ffff_ffff], isAllowed: false),
    Case(
      testDescription: "`>=` and `<=` before a masked equality: weaker",
      rules: [
        [.topBit, .masked(0xffff_ffff_0000_ffff, 0xffff)], [.atMost(2), .masked(0xffff_ffff_0000_ffff, 0xffff)],
      ],
      arguments: [0xffff_ffff, 0x183a_ffff], isAllowed: false),
  ]

  static func policy(_ rules: [[Comparison]]) -> Policy {
    let call = PolicyCall.pread64
    let bound = rules.map { comparisons in
      Rule(
        name: "r", hypercall: "TEST", why: "Test.", call: call, conditions: comparisons.map(\.condition), file: "test",
        position: Position(line: 1, column: 1))
    }
    return Policy(unchecked: bound, architecture: .x86_64, mode: .kill)
  }

  /// Compiles rules with libseccomp, without the language's restrictions and Brig's compiler.
  static func compile(_ rules: [[Comparison]]) throws -> Program {
    // SAFETY: the context lives until its release at the end, and every pointer is used within its call.
    guard let filter = unsafe seccomp_init(SCMP_ACT_KILL_PROCESS) else { throw CompileFailure() }
    defer { unsafe seccomp_release(filter) }
    unsafe seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS)
    for rule in rules {
      let comparisons = rule.enumerated().map { $1.argument(UInt32($0)) }
      let result = unsafe seccomp_rule_add_exact_array(
        filter, SCMP_ACT_ALLOW, CInt(PolicyCall.pread64.number(on: .native)), UInt32(comparisons.count), comparisons)
      try #require(result == 0)
    }
    return try unsafe read(from: filter)
  }

  struct CompileFailure: Error {}

  private static func read(from filter: scmp_filter_ctx) throws -> Program {
    var pair: (CInt, CInt) = (0, 0)
    // SAFETY: `pipe2` writes two descriptors; `read` writes at most as many bytes as the array has.
    let made = unsafe withUnsafeMutableBytes(of: &pair) {
      clinux_system_call(Int(SYS_pipe2), Int(bitPattern: $0.baseAddress), 0, 0, 0, 0, 0)
    }
    try #require(made == 0)
    defer { _ = clinux_system_call(Int(SYS_close), Int(pair.0), 0, 0, 0, 0, 0) }
    try #require(unsafe seccomp_export_bpf(filter, pair.1) == 0)
    _ = clinux_system_call(Int(SYS_close), Int(pair.1), 0, 0, 0, 0, 0)
    var instructions = Array(repeating: Instruction(code: 0), count: 4096)
    let count = unsafe instructions.withUnsafeMutableBytes {
      clinux_system_call(Int(SYS_read), Int(pair.0), Int(bitPattern: $0.baseAddress), $0.count, 0, 0, 0)
    }
    return Program(instructions: Array(instructions.prefix(count / 8)))
  }

  @Test("are refuted by a call", arguments: cases)
  func areRefuted(_ example: Case) throws {
    let policy = Self.policy(example.rules)
    let program = try Self.compile(example.rules)
    let request = Request(policy.architecture.rawValue, 17, example.arguments)
    #expect(policy.allows(request) == example.isAllowed)
    let filter = try DecodedProgram(decoding: program)
    #expect((filter.action(for: request) == .allow) != example.isAllowed, "libseccomp has changed: take the case out")
    let refutation = try #require(throws: Refutation.self) { _ = try Proof(of: program, against: policy) }
    let found = try #require(refutation.counterExample, "\(refutation.message.string)")
    #expect(filter.action(for: found.request) == found.action)
    #expect(policy.allows(found.request) == found.isAllowed)
    #expect((found.action == .allow) != found.isAllowed)
    #expect(refutation.message.string.hasPrefix("refuted: "))
  }

  @Test("are outside the language", arguments: cases.filter { !$0.testDescription.contains(">=") })
  func areOutside(_ example: Case) {
    let rules = Self.policy(example.rules).rules
    #expect(throws: PolicyError.self) { _ = try Policy(checked: rules, architecture: .x86_64, mode: .kill) }
  }

  @Test("are told from right ones")
  func isFair() throws {
    let rules: [[Comparison]] = [[.equal(7), .atMost(5)], [.equal(8), .atMost(0x1_0000_0000)]]
    _ = try Proof(of: Self.compile(rules), against: Self.policy(rules))
  }
}

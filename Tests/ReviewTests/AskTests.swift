import Filters
import Policy
import Testing
import Text

@testable import Review

/// To add one: a row of `written` is a question about block+net and its verdict; else a function.
@Suite("an answer about one call")
struct AskTests {
  /// Random numbers that are the same in each run (Marsaglia's xorshift64).
  private struct Sequence: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
  }

  private static func listing(_ short: String) throws -> PolicyListing {
    let selection = try #require(Selection(short: short))
    return try PolicyListing(selection.launch, selection: short)
  }

  private static func answer(_ question: String, _ short: String = "block+net@x86_64") throws -> CallAnswer {
    let listing = try listing(short)
    return try CallAnswer(to: CallQuestion(question, about: listing.launch), by: listing, subject: short)
  }

  /// Values at the edges of each condition that some rule asks of an argument.
  private static func edges(_ policy: Policy, _ index: Int) -> [UInt64] {
    let conditions = policy.rules.filter { $0.conditions.count > index }.map { $0.conditions[index] }
    let values = conditions.flatMap { condition in
      let last = condition.value | (condition.shape == .window ? ~condition.mask : 0)
      let high = [condition.value | 1 << 32, condition.value | 1 << 63]
      return [condition.value, condition.value &- 1, last, last &+ 1] + high
    }
    return Array(Set(values + [0, 1, .max, 1 << 32])).sorted()
  }

  @Test(
    "is what the compiled program does",
    arguments: ["console", "block:ro", "net", "block+net", "2block+2net"], Architecture.allCases)
  func program(_ devices: String, _ architecture: Architecture) throws {
    var random = Sequence(state: 1)
    var seen: [CallAnswer.Verdict: Int] = [:]
    for mode in ["", ",report"] {
      let listing = try Self.listing("\(devices)@\(architecture.name)\(mode)")
      let program = try DecodedProgram(decoding: listing.program)
      let edges = (0..<6).map { Self.edges(listing.policy, $0) }
      func action(_ number: UInt32, _ arguments: [UInt64]) -> Action {
        var request = Request(architecture: architecture.rawValue, number: number)
        for (index, argument) in arguments.enumerated() { request.arguments[index] = argument }
        return program.action(for: request)
      }
      for _ in 0..<250 {
        let rule = try #require(listing.policy.rules.randomElement(using: &random))
        // Near to what a rule allows, or most questions would be refused for their first argument.
        let values = rule.conditions.indices.map { index in
          Bool.random(using: &random) || Bool.random(using: &random)
            ? rule.conditions[index].value : edges[index].randomElement(using: &random) ?? 0
        }
        let isOpen = values.map { _ in Int.random(in: 0..<4, using: &random) == 0 }
        let words = zip(values, isOpen).map { $1 ? "_" : "0x" + String($0, radix: 16) }
        let text = "\(rule.call.row.name)(\(words.joined(separator: ", ")))"
        let question = try CallQuestion(text, about: listing.launch)
        let answer = try CallAnswer(to: question, by: listing, subject: "test")
        seen[answer.verdict, default: 0] += 1
        // With each of the open arguments at random, the program allows the call where some rule that is named does.
        for _ in 0..<8 {
          let tried = zip(values, isOpen).enumerated().map { index, value in
            value.1 ? edges[index].randomElement(using: &random) ?? 0 : value.0
          }
          let isAllowed = action(question.number, tried) == .allow
          let isNamed = answer.opinions.contains { opinion in
            opinion.admits && zip(opinion.rule.conditions, tried).allSatisfy { $0.admits($1) }
          }
          #expect(isAllowed == isNamed, "\(text) with \(tried)")
          if !isOpen.contains(true) { #expect(isAllowed == (answer.verdict == .allowed), "\(text)") }
        }
        // What it is said to be allowed for is allowed.
        if answer.verdict != .notAllowed, let first = answer.opinions.first {
          let least = zip(values, isOpen).enumerated().map { $1.1 ? first.rule.conditions[$0].value : $1.0 }
          #expect(action(question.number, least) == .allow, "\(text)")
        }
      }
      for (number, name) in Numbers.all(on: architecture)
      where !listing.policy.rules.contains(where: { $0.call.number(on: architecture) == number }) {
        let answer = try CallAnswer(
          to: CallQuestion("\(name)(1, 0x10, ...)", about: listing.launch), by: listing, subject: "test")
        #expect(answer.verdict == .notAllowed && answer.action == action(number, [1, 16]), "\(name)")
      }
    }
    #expect(seen.count == 3 && seen.values.allSatisfy { $0 > 20 }, "\(seen)")
  }

  @Test(
    "reads what is written in each way",
    arguments: [
      ("write(STDOUT, memory + 16, 0x10)", .allowed), ("write(1,0x4000_0000_0000,0o20)", .allowed),
      ("  write ( 01 , memory+0x1fff_ffff , 020 ) ", .allowed), ("write(1, memory, 1M)", .allowed),
      ("write(1, memory-1, 1)", .notAllowed), ("write(-1, memory, 1)", .notAllowed),
      ("write(STDERR, message, message_capacity)", .allowed), ("write(net0, memory, frame)", .allowed),
      ("write(tap, memory, 0200001)", .notAllowed), ("write(tap, memory, 0200000)", .allowed),
      ("pread64(disk0, memory, chunk, last_offset)", .allowed), ("ioctl(vcpu, KVM_RUN, NULL)", .allowed),
      ("1(STDOUT, ...)", .allowedForSome), ("write", .allowedForSome), ("write(...)", .allowedForSome),
      ("write(_, _, _)", .allowedForSome), ("write(7, ...)", .notAllowed), ("write(1, memory, _)", .allowedForSome),
      ("openat(AT_FDCWD, ...)", .notAllowed), ("openat(AT_FDCWD, \"/etc, (x)\\\"\", O_RDONLY)", .notAllowed),
      ("getpid()", .notAllowed), ("fork", .notAllowed), ("exit_group(255)", .allowed),
      ("exit_group(0x1_0000_0000)", .notAllowed),
    ] as [(String, CallAnswer.Verdict)])
  func written(_ question: String, _ verdict: CallAnswer.Verdict) throws {
    #expect(try Self.answer(question).verdict == verdict)
  }

  @Test(
    "isn't given to what can't be read",
    arguments: [
      "", "()", "nonsense", "write(1", "write)1(", "write(1, memory)", "write()", "write(1, memory, 1, 1)",
      "write(1, memory, 1) x", "write(1,, 1)", "write(..., 1)", "write(1, nowhere, 1)", "write(1, memory, 0x)",
      "write(1, memory, 09)", "write(1, memory, 1x)", "write(1, memory, 0x1_0000_0000_0000_0000)",
      "write(1, memory, 99999999999G)",
      "openat(1, 2, 3, 4, 5, 6, 7)", "open(\"/\", ...)@aarch64", "write(1, memory+, 1)", "write(1, \"hello\", 5)",
      "write(1, memory, é)", "write(1, memory, 1+1+1)", "4294967296()", "write(1, memory, \u{661})",
    ])
  func unreadable(_ question: String) {
    #expect(throws: Complaint.self) { try Self.answer(question) }
  }

  @Test("is about each call by its name and by its number", arguments: Architecture.allCases)
  func numbers(_ architecture: Architecture) {
    for (number, name) in Numbers.all(on: architecture) {
      #expect(Numbers.number(of: name, on: architecture) == number, "\(name)")
    }
    #expect(Numbers.number(of: "nonsense", on: architecture) == nil && Numbers.number(of: "", on: architecture) == nil)
    #expect(Numbers.number(of: "open", on: .aarch64) == nil)
  }

  @Test("names the rule, or each rule's condition that fails")
  func words() throws {
    let allowed = try Self.answer("write(1, memory, 5)").text
    #expect(allowed.hasPrefix("write(1, memory, 5) in block+net@x86_64: allowed\n  rule print, "))
    #expect(allowed.contains("policies/console.policy:"))
    #expect(allowed.contains(", for PUTS:\n"))
    let refused = try Self.answer("write(2, memory, 5)").text
    let print = "count      5: yes: at most 1 MiB\n"
    #expect(refused.contains("    fd         2: NO; wanted: 1, standard output\n") && refused.contains(print))
    #expect(refused.contains("    buf        0x400000000000: NO; wanted: 0x7f0000000400, in the fixed block\n"))
    #expect(refused.contains("ends the tender by SIGSYS"))
    let openat = try Self.answer("openat(AT_FDCWD, ...)").text
    #expect(openat.contains("not allowed, whatever its arguments: no rule of this filter names it; "))
    #expect(try Self.answer("openat", "console@x86_64,report").text.contains("whose handler names the call"))
    #expect(try Self.answer("getppid", "console@x86_64,report").text.contains("the kernel ends the tender by SIGSYS"))
  }

  @Test(
    "about a call that newer kernels ask no filter about tells what those do with it",
    arguments: [("uretprobe", "and end the tender by SIGILL"), ("uprobe", "and answer with an error")])
  func unasked(_ call: String, _ other: String) throws {
    let answer = try Self.answer(call)
    let wanted = "where the kernel asks the filter, the kernel ends the tender by SIGSYS; newer kernels ask no filter "
    #expect(answer.consequence.hasPrefix(wanted) && answer.consequence.contains(other), "\(answer.consequence)")
    #expect(answer.text.contains(answer.consequence))
    let json = try JSONValue(parsing: answer.json.bytes, file: "answer")
    #expect(json["consequence"]?.string == answer.consequence && json["asked_by_all_kernels"]?.boolean == false)
    let plain = try JSONValue(parsing: Self.answer("openat").json.bytes, file: "answer")
    #expect(plain["asked_by_all_kernels"]?.boolean == true)
    #expect(plain["consequence"]?.string == "the kernel ends the tender by SIGSYS")
    let explained = try Explanation(of: call).text
    #expect(explained.contains("before the call is made, where the kernel asks the filter\n"), "\(explained)")
    #expect(explained.contains("about it on x86_64, \(other)"), "\(explained)")
    #expect(try !Explanation(of: "openat").text.contains("where the kernel asks"))
  }

  @Test("of a device that isn't alone needs its name")
  func devices() throws {
    let complaint = #expect(throws: Complaint.self) { try Self.answer("read(tap, ...)", "2net@x86_64") }
    #expect(complaint?.message.contains("tap: has a value for each device") == true)
    #expect(try Self.answer("read(net1, ...)", "2net@x86_64").verdict == .allowedForSome)
  }

  @Test(
    "with a name that isn't there says what to write",
    arguments: [
      ("ioctl(tap, KVM_RUN, 0)", "console@x86_64", "tap: a network interface's, and none is selected: add --net NAME"),
      ("pread64(disk, ...)", "net@x86_64", "disk: a disk's, and none is selected: add --block NAME, or"),
      ("ioctl(tap, TUNSETPERSIST, 0)", "net@x86_64", "TUNSETPERSIST: no number, and no name of the policy's: write _"),
      ("read(net0, ...)", "console@x86_64", "(--block NAME, --net NAME, --receipt FILE)"),
    ])
  func unknownNames(_ question: String, _ short: String, _ words: String) {
    let complaint = #expect(throws: Complaint.self) { try Self.answer(question, short) }
    #expect(complaint?.message.contains(words) == true, "\(complaint?.message ?? "")")
    #expect(complaint?.message.contains("--receipt FILE") == true)
  }

  @Test("under an outer filter knows the witness's answers")
  func witness() throws {
    var launch = try #require(Selection(short: "console@x86_64")).launch
    launch.witness = Witness(1024, 2000, 4094)
    let listing = try PolicyListing(launch, selection: nil)
    func text(_ question: String) throws -> String {
      try CallAnswer(to: CallQuestion(question, about: launch), by: listing, subject: "receipt").text
    }
    #expect(try text("getpid(1)").contains("not allowed, whatever its arguments") == true)
    #expect(try text("getpid(1)").contains("the filter answers with error 2000 in place of making it"))
    #expect(try text("getpid(3)").contains("the kernel ends the tender by SIGSYS"))
    #expect(try text("getpid").contains("with 0, 1 and 2 the filter answers with an error"))
    #expect(throws: Complaint.self) { try text("getpid(nonsense)") }
  }

  @Test("is JSON where that is asked for")
  func json() throws {
    let value = try JSONValue(parsing: Self.answer("write(2, memory, _)").json.bytes, file: "answer")
    #expect(value["schema"]?.string == "brig-policy-answer" && value["version"]?.number == 1)
    #expect(value["verdict"]?.string == "not_allowed" && value["number"]?.number == 1)
    let rules = try #require(value["rules"]?.elements)
    #expect(rules.count == 3 && rules.allSatisfy { $0["allows"]?.boolean == false })
    let print = try #require(rules.first { $0["rule"]?.string == "print" }?["arguments"]?.elements)
    #expect(print.map { $0["verdict"]?.string } == ["refused", "admitted", "open"])
    #expect(print[0]["given"]?.unsigned == 2 && print[0]["value"]?.unsigned == 1 && print[2]["given"] == nil)
  }
}

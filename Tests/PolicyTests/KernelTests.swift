import CChild
import Policy
import Testing

/// The kernel's verdict on calls, asked by installing a program in a child and making them there.
enum Kernel {
  /// What a program's ends become, so that a child learns each verdict and none of the calls is made.
  private static let answers: [(action: Action, number: Int32)] = [(.allow, 1), (.killProcess, 2), (.trap, 3)]

  /// Asks the kernel what a program does with each request of this architecture.
  ///
  /// - Throws: what the child could not do.
  static func actions(of program: Program, on requests: [Request]) throws -> [Action?] {
    var filter = program.instructions.map {
      sock_filter(code: $0.code, jt: $0.skipTrue, jf: $0.skipFalse, k: $0.operand)
    }
    // SECCOMP_RET_ERRNO in place of each action: the one change to the program.
    for index in filter.indices where filter[index].code == 0x06 {
      let answer = answers.first { $0.action.rawValue == filter[index].k }
      filter[index].k = 0x0005_0000 | UInt32(answer?.number ?? 4)
    }
    let calls = requests.map { request in
      let words = request.arguments
      return cchild_call(
        number: UInt64(request.number), arguments: (words[0], words[1], words[2], words[3], words[4], words[5]))
    }
    var numbers = Array(repeating: Int32(0), count: calls.count)
    // SAFETY: the arrays live through the call and have the lengths that are given.
    let problem = unsafe cchild_make_calls(filter, UInt16(filter.count), calls, UInt32(calls.count), &numbers)
    guard problem == 0 else { throw ChildFailure(errorNumber: problem) }
    return numbers.map { number in answers.first { $0.number == number }?.action }
  }

  struct ChildFailure: Error { let errorNumber: Int32 }
}

/// The checker's understanding of a program against the kernel's own.
///
/// To add one: a function over seeds that makes programs at random, and holds the kernel's answers by `compare`.
@Suite("The kernel")
struct KernelTests {
  /// Compares three judges of a program on corners of its regions.
  ///
  /// - Returns: how many calls were made and how many of them are allowed.
  private func compare(
    _ program: Program, _ policy: Policy, _ random: inout SplitMix, isRight: Bool
  ) throws -> (calls: Int, allowed: Int) {
    let filter = try DecodedProgram(decoding: program)
    let oracle = Oracle(program, policy)
    var requests = oracle.requests(count: 150, using: &random)
    if let found = oracle.disagreement(), found.architecture == Architecture.native.rawValue { requests.append(found) }
    let actions = try Kernel.actions(of: program, on: requests)
    var allowed = 0
    for (request, action) in zip(requests, actions) {
      let told = filter.action(for: request)
      let known = [.allow, .killProcess, .trap].contains(told) ? told : nil
      #expect(action == known, "the decoded program errs on \(request)")
      guard isRight else { continue }
      #expect(action.map { policy.accepts($0, on: request) } == true, "the program is proved and errs on \(request)")
      if action == .allow { allowed += 1 }
    }
    return (requests.count, allowed)
  }

  @Test("agrees on random policies", arguments: 0..<10)
  func agreesOnPolicies(_ seed: UInt64) throws {
    var rules = RandomRules(generator: SplitMix(seed: 1000 + seed))
    var random = SplitMix(seed: 2000 + seed)
    var (calls, allowed) = (0, 0)
    for round in 0..<120 {
      let policy = try rules.policy(architecture: .native, mode: round % 3 == 0 ? .report : .kill)
      let program = try Program(compiling: policy)
      _ = try Proof(of: program, against: policy)
      let counts = try compare(program, policy, &random, isRight: true)
      calls += counts.calls
      allowed += counts.allowed
    }
    // Corners that a rule allows must be among them, or nothing was compared.
    #expect(allowed > 1000 && calls > 2 * allowed)
    print("seed \(seed): the kernel was asked about \(calls) calls of 120 policies, \(allowed) allowed")
  }

  @Test("agrees on changed programs", arguments: 0..<10)
  func agreesOnMutants(_ seed: UInt64) throws {
    var rules = RandomRules(generator: SplitMix(seed: 3000 + seed))
    var random = SplitMix(seed: 4000 + seed)
    var (programs, proved) = (0, 0)
    for round in 0..<40 {
      let policy = try rules.policy(architecture: .native, mode: round % 3 == 0 ? .report : .kill)
      let program = try Program(compiling: policy)
      for _ in 0..<5 {
        var mutant = program
        let index = mutant.instructions.indices.randomElement(using: &random) ?? 0
        let changes = MutationTests.changes(of: mutant.instructions[index])
        mutant.instructions[index] = changes.randomElement(using: &random) ?? Instruction(code: 0)
        guard (try? DecodedProgram(decoding: mutant)) != nil else { continue }
        let isProved = (try? Proof(of: mutant, against: policy)) != nil
        _ = try compare(mutant, policy, &random, isRight: isProved)
        programs += 1
        proved += isProved ? 1 : 0
      }
    }
    #expect(programs > 20)
    print("seed \(seed): the kernel ran \(programs) changed programs, of which \(proved) are proved")
  }
}

/// Rule sets that the language refuses, as libseccomp compiles them.
@Suite("Random rules outside the language")
struct OutsideTests {
  struct Tally {
    var right = 0
    var miscompiled = 0
    var notProved = 0
    var endless = 0
    var refused = 0
  }

  @Test("are proved only where they were compiled right", arguments: 0..<6)
  func areJudged(_ seed: UInt64) throws {
    var random = RandomRules(generator: SplitMix(seed: 5000 + seed))
    var tally = Tally()
    for _ in 0..<150 {
      let rules = (0..<Int.random(in: 2...4, using: &random.generator)).map { _ in comparisons(&random) }
      guard let program = try compile(rules, &tally) else { continue }
      let policy = MiscompilationTests.policy(rules)
      let isRight = Oracle(program, policy).disagreement() == nil
      do throws(Refutation) {
        _ = try Proof(of: program, against: policy)
        #expect(isRight, "proved, and yet wrong: \(rules)")
        tally.right += 1
      } catch {
        guard let example = error.counterExample else {
          #expect(isRight, "wrong, and no call shows it: \(error.message.string) \(rules)")
          tally.notProved += 1
          continue
        }
        tally.miscompiled += 1
        #expect(!isRight && !policy.accepts(example.action, on: example.request))
        guard Architecture.native == .x86_64, example.request.architecture == Architecture.native.rawValue else {
          continue
        }
        #expect(try Kernel.actions(of: program, on: [example.request]) == [example.action])
      }
    }
    print("seed \(seed): \(tally)")
  }

  private func comparisons(_ random: inout RandomRules) -> [MiscompilationTests.Comparison] {
    (0..<2).map { _ in
      let condition = random.condition()
      switch condition.shape {
      case .equal: return .equal(condition.value)
      case .masked, .window: return .masked(condition.mask, condition.value)
      case .atMost: return Bool.random(using: &random.generator) ? .atMost(condition.value) : .topBit
      }
    }
  }

  private func compile(_ rules: [[MiscompilationTests.Comparison]], _ tally: inout Tally) throws -> Program? {
    let comparisons = rules.flatMap { rule in rule.enumerated().map { $1.argument(UInt32($0)) } }
    var program = Array(repeating: sock_filter(), count: 4096)
    // SAFETY: the arrays live through the call and have the lengths that are given.
    let count = unsafe cchild_compile(
      CInt(PolicyCall.pread64.number(on: .native)), comparisons, rules.map { UInt32($0.count) }, UInt32(rules.count), 2,
      &program, UInt32(program.count))
    switch count {
    case -2: tally.endless += 1
    case -1: tally.refused += 1
    default:
      return Program(
        instructions: program.prefix(Int(count)).map {
          Instruction(code: $0.code, skipTrue: $0.jt, skipFalse: $0.jf, operand: $0.k)
        })
    }
    return nil
  }
}

import Policy
import Testing

/// To add one: a property is a function over seeds that makes policies by `RandomRules` and asks `Oracle`.
@Suite("Random policies")
struct PropertyTests {
  /// What became of the changed programs of one run.
  struct Tally {
    var accepted = 0
    var refused = 0
    var refusedThoughRight = 0
  }

  @Test("within the language are compiled right and proved", arguments: 0..<8)
  func areProved(_ seed: UInt64) throws {
    var random = RandomRules(generator: SplitMix(seed: seed))
    for round in 0..<100 {
      let architecture = round % 2 == 0 ? Architecture.x86_64 : .aarch64
      let policy = try random.policy(architecture: architecture, mode: round % 3 == 0 ? .report : .kill)
      let program = try Program(compiling: policy)
      if let request = Oracle(program, policy).disagreement() {
        Issue.record(
          "seed \(seed), round \(round): miscompiled \(policy.rules.map { ($0.call, $0.conditions) }) at \(request)")
      }
      #expect(throws: Never.self, "seed \(seed), round \(round)") { _ = try Proof(of: program, against: policy) }
    }
  }

  @Test("with a changed program are proved only if nothing changes", arguments: 200..<208)
  func areJudgedChanged(_ seed: UInt64) throws {
    var random = RandomRules(generator: SplitMix(seed: seed))
    var tally = Tally()
    for round in 0..<25 {
      let policy = try random.policy(architecture: .x86_64, mode: round % 3 == 0 ? .report : .kill)
      let program = try Program(compiling: policy)
      for _ in 0..<10 {
        var mutant = program
        for _ in 0..<Int.random(in: 1...3, using: &random.generator) {
          let index = mutant.instructions.indices.randomElement(using: &random.generator) ?? 0
          let changes = MutationTests.changes(of: mutant.instructions[index])
          mutant.instructions[index] = changes.randomElement(using: &random.generator) ?? Instruction(code: 0)
        }
        let isProved = (try? Proof(of: mutant, against: policy)) != nil
        let isRight = Oracle(mutant, policy).disagreement() == nil
        #expect(isRight || !isProved, "seed \(seed), round \(round): \(mutant)")
        switch (isProved, isRight) {
        case (true, _): tally.accepted += 1
        case (false, false): tally.refused += 1
        case (false, true): tally.refusedThoughRight += 1
        }
      }
    }
    print("seed \(seed): \(tally)")
  }
}

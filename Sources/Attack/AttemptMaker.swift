import Filters
import Host
import Policy
import Text

/// Makes the attempts on one target.
///
/// The policy says which of them must kill.
struct AttemptMaker {
  private let target: Target
  private let policy: Policy
  /// The value of each word's name, for asking the policy.
  let names: [String: UInt64]

  init(_ target: Target, policy: Policy, launch: Launch) {
    self.target = target
    self.policy = policy
    var names: [String: UInt64] = [
      "vcpu": launch.vcpu, "run_area": launch.runArea, "run_area_size": launch.runAreaSize, "memory": launch.memory,
      "stack": 0x7fff_2222_0000, "code": 0x5555_3333_0000,
    ]
    // Each launch has other addresses.
    let block = FixedBlock.Places(start: launch.fixedBlock)
    for part in FixedBlock.Part.allCases { names["\(part.name)"] = block[part] }
    for device in launch.devices { names[device.kind == .net ? "tap" : "disk"] = device.descriptor }
    self.names = names
  }

  private func attempt(
    _ category: Attempt.Category, _ name: String, of subject: String?, _ number: UInt64, _ words: [ArgumentWord] = [],
    by interface: CallInterface = .native
  ) -> Attempt {
    Attempt(
      category: category, name: name, subject: subject, interface: interface, number: number, words: words,
      expectation: interface == .native ? expectation(number, words) : .dies)
  }

  private func expectation(_ number: UInt64, _ words: [ArgumentWord]) -> Attempt.Expectation {
    if Numbers.isUnasked(UInt32(truncatingIfNeeded: number), on: policy.architecture) { return .refused }
    let request = request(number, words)
    if policy.allows(request) { return .lives }
    return policy.witness?.action(on: request, policy.architecture) == nil ? .dies : .answered
  }

  private func allows(_ number: UInt64, _ words: [ArgumentWord]) -> Bool { policy.allows(request(number, words)) }

  /// The kernel takes the low half of the number's register.
  private func request(_ number: UInt64, _ words: [ArgumentWord]) -> Request {
    var request = Request(architecture: policy.architecture.rawValue, number: UInt32(truncatingIfNeeded: number))
    for (index, word) in words.enumerated() { request.arguments[index] = word.value(names) }
    return request
  }

  private func number(_ rule: Rule) -> UInt64 { UInt64(rule.call.number(on: policy.architecture)) }
}

// MARK: - Numbers

extension AttemptMaker {
  /// The system call of a number, by the table of the interface; nil for a number that it doesn't have.
  private func subject(_ number: UInt64, by interface: CallInterface = .native) -> String? {
    UInt32(exactly: number).flatMap { Numbers.name(of: $0, by: interface, on: policy.architecture) }
  }

  private func name(_ number: UInt64) -> String { subject(number) ?? "number \(number)" }

  /// Every number from 0 to 1023, with all arguments 0.
  func numbers() -> [Attempt] {
    (0..<1024).map { (number: UInt64) in
      let isUnasked = Numbers.isUnasked(UInt32(number), on: policy.architecture)
      return attempt(isUnasked ? .unasked : .number, name(number), of: subject(number), number)
    }
  }

  /// Numbers that no table has, and allowed numbers with bits set in the register's upper half.
  func strangeNumbers() -> [Attempt] {
    let large: [UInt64] = [
      1024, 1025, 2047, 4095, 4096, 0xffff, 0x1_0000, 0xf_ffff, 0x3fff_ffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff,
      0x1_0000_0000, 0x7fff_ffff_ffff_ffff, 0x8000_0000_0000_0000,
    ]
    var attempts = large.map { attempt(.beyond, ArgumentWord($0).text, of: nil, $0) }
    if policy.witness != nil {
      let number = UInt64(policy.architecture.witnessNumber)
      attempts += ([1, 2, 3, 1 << 32, .max] as [UInt64]).map {
        attempt(
          .beyond, "\(name(number)) with \(ArgumentWord($0).text)", of: subject(number), number, [ArgumentWord($0)])
      }
    }
    attempts += ([1, 2, 39, 512, 4095] as [UInt64]).map { attempt(.beyond, "-\($0)", of: nil, 0 &- $0) }
    for rule in policy.rules {
      attempts += mistakable("\(rule.call.row.name)", number(rule), .beyond, sample(rule))
    }
    return attempts
  }

  /// Numbers that could be taken for a call's.
  private func mistakable(
    _ call: String, _ number: UInt64, _ category: Attempt.Category, _ words: [ArgumentWord]
  ) -> [Attempt] {
    [
      attempt(category, "\(call) negated", of: call, 0 &- number, words),
      attempt(category, "\(call) with bit 31", of: call, number | 1 << 31, words),
      attempt(category, "\(call) with bit 32", of: call, number | 1 << 32, words),
    ]
  }

  /// The two other ways of x86_64 to make a system call: all their numbers, and numbers that could be mistaken for an
  /// allowed call.
  ///
  /// aarch64 has neither. There, the smallest target tries x32's bit all the same.
  func otherInterfaces() -> [Attempt] {
    let isX86 = policy.architecture == .x86_64
    var attempts: [Attempt] = []
    if isX86 {
      attempts += (0..<1024).map { attempt(.x32, name($0), of: subject($0, by: .x32), $0, by: .x32) }
      attempts += (0..<512).map { attempt(.i386, "number \($0)", of: subject($0, by: .i386), $0, by: .i386) }
    } else if target == .console {
      attempts += (0..<1024).map { attempt(.beyond, "\($0) with bit 30", of: subject($0), $0 | 1 << 30) }
    }
    for rule in policy.rules {
      let (call, number, words) = ("\(rule.call.row.name)", number(rule), sample(rule))
      guard isX86 else {
        attempts.append(attempt(.beyond, "\(call) with bit 30", of: call, number | 1 << 30, words))
        continue
      }
      attempts.append(attempt(.x32, "\(call) as allowed", of: call, number, words, by: .x32))
      attempts.append(attempt(.i386, "\(call) by its native number", of: call, number, words, by: .i386))
      let numbers = rule.call.i386Numbers
      for other in [numbers.0, numbers.times64].compactMap(\.self) {
        attempts.append(attempt(.i386, "\(call) as allowed", of: call, other, words, by: .i386))
      }
    }
    return attempts
  }
}

// MARK: - One call

extension AttemptMaker {
  /// Every attempt of one system call: those of the whole plan that are of it, and with arguments that need no rule.
  ///
  /// - Parameter call: its name.
  /// - Returns: none for a name that no table of the processor has.
  func attempts(of call: String) -> [Attempt] {
    var attempts = (numbers() + strangeNumbers() + otherInterfaces() + arguments()).filter { $0.subject == call }
    guard let number = Numbers.number(of: call, on: policy.architecture) else {
      return attempts
    }
    for (title, words) in argumentsOfNoRule {
      attempts.append(attempt(.named, "\(call) with \(title)", of: call, UInt64(number), words))
    }
    attempts += mistakable(call, UInt64(number), .named, [])
    var calls: Set<String> = []
    return attempts.filter { calls.insert($0.call).inserted }
  }

  private var argumentsOfNoRule: [(title: String, words: [ArgumentWord])] {
    let first = [("a descriptor", ArgumentWord("vcpu")), ("the working directory", ArgumentWord(0 &- 100))]
    let all = [
      ("all arguments 1", ArgumentWord(1)), ("all bits of all arguments", ArgumentWord(.max)),
      ("pointers to guest memory", ArgumentWord("memory")), ("pointers to the stack", ArgumentWord("stack")),
    ]
    return all.map { ($0, Array(repeating: $1, count: 6)) }
      + first.map { ("\($0) and pointers", [$1] + Array(repeating: ArgumentWord("memory"), count: 5)) }
  }
}

// MARK: - Arguments

extension AttemptMaker {
  /// Arguments that a rule admits: the least that does something.
  private func sample(_ rule: Rule) -> [ArgumentWord] {
    rule.conditions.map { condition in
      condition.shape == .atMost ? ArgumentWord(min(condition.value, 1)) : word(condition.value)
    }
  }

  /// The name that a value came from.
  private func word(_ value: UInt64) -> ArgumentWord {
    names.first { $0.value == value }.map { ArgumentWord($0.key) } ?? ArgumentWord(value)
  }

  /// For each rule and each argument, words on both sides of the condition's edges.
  ///
  /// The other arguments are as the rule admits them.
  func arguments() -> [Attempt] {
    var attempts: [Attempt] = []
    var calls: Set<String> = []
    for rule in policy.rules {
      for (index, condition) in rule.conditions.enumerated() {
        let call = "\(rule.call.row.name)"
        let argument = "\(call) \(String(rule.name)): \(rule.call.row.arguments[index])"
        for (edge, word) in edges(condition) {
          var words = sample(rule)
          words[index] = word
          let category = allows(number(rule), words) ? Attempt.Category.inside : .outside
          let attempt = attempt(category, "\(argument) \(edge)", of: call, number(rule), words)
          // Edges may coincide, and rules for one call have arguments in common.
          if calls.insert(attempt.call).inserted { attempts.append(attempt) }
        }
      }
    }
    return attempts
  }

  private func edges(_ condition: Condition) -> [(String, ArgumentWord)] {
    switch condition.shape {
    case .equal: equalEdges(word(condition.value))
    case .masked, .window: windowEdges(word(condition.value), ~condition.mask)
    case .atMost: boundEdges(condition.value)
    }
  }

  private func equalEdges(_ word: ArgumentWord) -> [(String, ArgumentWord)] {
    var edges = [
      ("as it must be", word), ("below", word.adding(.max)), ("above", word.adding(1)),
      ("high word set", word.adding(1 << 32)), ("sign bit set", word.adding(1 << 63)), ("all ones", ArgumentWord(.max)),
    ]
    if word.name == nil || ["vcpu", "disk", "tap"].contains(word.name) {
      edges += ["vcpu", "disk", "tap"].filter { names[$0] != nil }.map { ("another: \($0)", ArgumentWord($0)) }
      edges += [0, 1, 2].map { ("another: \($0)", ArgumentWord($0)) }
    }
    edges += places
    return edges.filter { $0.0 == "as it must be" || $0.1 != word }
  }

  private func windowEdges(_ base: ArgumentWord, _ inside: UInt64) -> [(String, ArgumentWord)] {
    [
      ("first", base), ("last of RAM", base.adding(Target.Values.mebibytes << 20 - 1)),
      ("behind RAM", base.adding(Target.Values.mebibytes << 20)), ("last", base.adding(inside)),
      ("just below", base.adding(.max)), ("just above", base.adding(inside &+ 1)),
      ("a window below", base.adding(0 &- inside &- 1)), ("high word set", base.adding(1 << 32)),
      ("sign bit set", base.adding(1 << 63)), ("all ones", ArgumentWord(.max)),
    ] + places.filter { $0.1 != base }
  }

  private func boundEdges(_ most: UInt64) -> [(String, ArgumentWord)] {
    [
      ("0", ArgumentWord(0)), ("at the bound", ArgumentWord(most)), ("half", ArgumentWord(most / 2)),
      ("above", ArgumentWord(most &+ 1)),
      ("twice", ArgumentWord(most &* 2 &+ 2)), ("high word set", ArgumentWord(1 << 32)),
      ("at the bound, high word set", ArgumentWord(most | 1 << 32)),
      ("largest 32-bit", ArgumentWord(0xffff_ffff)), ("sign bit set", ArgumentWord(1 << 63)),
      ("largest", ArgumentWord(.max >> 1)),
      ("all ones", ArgumentWord(.max)),
    ]
  }

  /// Places that an attacker would like a pointer to point to.
  private var places: [(String, ArgumentWord)] {
    [("null", ArgumentWord(0))]
      + ["stack", "code", "memory", "message", "polled", "time"].map { ("at \($0)", ArgumentWord($0)) }
  }
}

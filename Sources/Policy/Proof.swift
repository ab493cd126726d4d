import Text

/// Evidence that a program and a policy are equal: they treat every call alike, whatever its architecture, number and
/// arguments.
///
/// It has two halves, each a walk through the decoded program that follows every way a call can take:
///
/// - *Nothing more*: from the set of all calls, every way that ends in ALLOW holds only calls that one rule allows, and
///   every other way ends as the mode says.
/// - *Nothing less*: from the set of calls of each rule, every way ends in ALLOW; in report mode, from the numbers that
///   kill every way ends in KILL_PROCESS, and from the others none does.
///
/// A walk keeps for each word of the request a set that holds at least the values with which a call gets there. What
/// such a set cannot express makes it larger, never smaller, and what is not modelled refutes, so an error in
/// judgement refuses a right program and does not accept a wrong one.
package struct Proof: Sendable {
  /// How many ways there are through the program.
  package let paths: Int
  /// How many sets of calls were walked from for the second half.
  package let regions: Int

  /// Proves a program equal to a policy.
  ///
  /// The work is bounded: a program that needs too many steps is refused.
  ///
  /// - Parameters:
  ///   - program: The program, from whatever source.
  ///   - policy: What it is to do.
  /// - Throws: `Refutation` if they differ, or if that they are equal could not be shown.
  package init(of program: Program, against policy: Policy) throws(Refutation) {
    var prover = Prover(filter: try DecodedProgram(decoding: program), policy: policy)
    try prover.proveNothingMore()
    paths = prover.ends
    regions = try prover.proveNothingLess()
    if let weakness = prover.weakness { throw weakness }
  }
}

/// The walks of a proof.
private struct Prover {
  private let filter: DecodedProgram
  private let policy: Policy
  private let boxes: [Box]
  private var stepsLeft = 1 << 22
  /// The first thing that could not be shown, though no call shows the contrary; a later one may find such a call.
  private(set) var weakness: Refutation?
  /// How many ends were reached so far.
  private(set) var ends = 0

  /// How many undecided comparisons may be pending at once, which bounds the stack.
  private static let greatestDepth = 256

  init(filter: DecodedProgram, policy: Policy) {
    self.filter = filter
    self.policy = policy
    boxes = policy.rules.map { Box($0, on: policy.architecture) }
  }

  mutating func proveNothingMore() throws(Refutation) {
    try walk(Cursor(region: .all, index: 0, loaded: nil), until: .anything, depth: 0)
  }

  /// - Returns: How many regions were walked from.
  mutating func proveNothingLess() throws(Refutation) -> Int {
    var regions = 0
    for box in boxes {
      for part in 0..<box.partCount {
        try walk(Cursor(region: box.region(part: part), index: 0, loaded: nil), until: .always(.allow), depth: 0)
        regions += 1
      }
    }
    if let witness = policy.witness {
      for argument in 0..<Witness.count {
        var asked = Region(architecture: policy.architecture, number: policy.architecture.witnessNumber)
        asked.setArgument(
          0, low: WordSet(mask: .max, bits: UInt32(argument)), high: WordSet(mask: .max, bits: 0))
        try walk(
          Cursor(region: asked, index: 0, loaded: nil), until: .always(.error(witness[argument])), depth: 0)
        regions += 1
      }
    }
    guard policy.mode == .report else { return regions }
    let (fatal, foreign) = (policy.architecture.fatalNumber, policy.architecture.foreignNumbers)
    try walk(fatal, fatal, until: .always(.killProcess))
    try walk(0, fatal - 1, until: .survived)
    guard let foreign else {
      try walk(fatal + 1, .max, until: .survived)
      return regions + 3
    }
    try walk(fatal + 1, foreign.lowerBound - 1, until: .survived)
    try walk(foreign.lowerBound, foreign.upperBound, until: .always(.killProcess))
    try walk(foreign.upperBound + 1, .max, until: .survived)
    return regions + 5
  }

  /// Walks from all calls of a range of numbers.
  private mutating func walk(_ first: UInt32, _ last: UInt32, until goal: Goal) throws(Refutation) {
    let region = Region(architecture: policy.architecture, numbers: first...last)
    try walk(Cursor(region: region, index: 0, loaded: nil), until: goal, depth: 0)
  }

  // MARK: Walking

  /// What the end of a way must be.
  private enum Goal {
    /// What the policy and its mode say of the calls that get there.
    case anything
    case always(Action)
    /// Anything but death: whether it is allowed or reported, the other walks tell.
    case survived
  }

  /// Where a walk is, and which calls get there.
  private struct Cursor {
    var region: Region
    var index: Int
    /// The word in the accumulator and the mask put on it; nil before the first load.
    var loaded: (word: Int, mask: UInt32)?
  }

  private mutating func walk(_ start: Cursor, until goal: Goal, depth: Int) throws(Refutation) {
    var cursor = start
    while true {
      guard stepsLeft > 0 else { throw refusal("the proof takes too many steps", at: cursor) }
      stepsLeft -= 1
      switch filter.steps[cursor.index] {
      case .load(let word):
        cursor.loaded = (word, .max)
        cursor.index += 1
      case .and(let mask):
        guard let loaded = cursor.loaded else { throw refusal("a mask before any load", at: cursor) }
        cursor.loaded = (loaded.word, loaded.mask & mask)
        cursor.index += 1
      case .jump(let target): cursor.index = target
      case .branch(let test, let operand, let whenTrue, let whenFalse):
        guard let loaded = cursor.loaded else { throw refusal("a comparison before any load", at: cursor) }
        let sides = try split(cursor, loaded, test, operand)
        switch sides {
        case (let holding?, nil):
          cursor.region[loaded.word] = holding
          cursor.index = whenTrue
        case (nil, let failing?):
          cursor.region[loaded.word] = failing
          cursor.index = whenFalse
        case (let holding?, let failing?):
          guard depth < Prover.greatestDepth else { throw refusal("too many comparisons are pending", at: cursor) }
          var branch = cursor
          branch.region[loaded.word] = holding
          branch.index = whenTrue
          try walk(branch, until: goal, depth: depth + 1)
          cursor.region[loaded.word] = failing
          cursor.index = whenFalse
        case (nil, nil): throw refusal("a comparison with no way on", at: cursor)
        }
      case .finish(let action):
        ends += 1
        return try judge(action, at: cursor, goal)
      }
    }
  }

  /// The values of the loaded word with which a comparison holds and those with which it does not.
  private mutating func split(
    _ cursor: Cursor, _ loaded: (word: Int, mask: UInt32), _ test: DecodedProgram.Test, _ operand: UInt32
  ) throws(Refutation) -> (holding: WordSet?, failing: WordSet?) {
    let words = cursor.region[loaded.word]
    switch test {
    case .equal:
      return (words.whereEqual(loaded.mask, operand), words.whereNotEqual(loaded.mask, operand))
    case .anyBit:
      let mask = loaded.mask & operand
      return (words.whereAnyBit(of: mask), words.whereNoBit(of: mask))
    case .greater, .greaterOrEqual:
      guard loaded.mask == .max else {
        // Both ways stay open, so that a call may still be found; equal it isn't any more.
        weaken(refusal("an order of masked words is not modelled", at: cursor))
        return (words, words)
      }
      if test == .greater {
        return (words.whereGreater(than: operand), words.whereNotGreater(than: operand))
      }
      guard operand > 0 else { return (words, nil) }
      return (words.whereGreater(than: operand - 1), words.whereNotGreater(than: operand - 1))
    }
  }

  // MARK: Judging

  private mutating func judge(_ action: Action, at cursor: Cursor, _ goal: Goal) throws(Refutation) {
    switch goal {
    case .always(let wanted):
      if action == wanted { return }
      let reason: StaticString =
        switch wanted {
        case .allow: "an allowed call is refused"
        case .killProcess: "a call that kills in any mode is not fatal"
        default: "the witness isn't given"
        }
      throw refutation(reason, at: cursor)
    case .survived:
      if action != .killProcess { return }
      throw refutation("a call that is to be reported is killed", at: cursor)
    case .anything:
      if action == .killProcess { return }
      if action == .trap, policy.mode == .report, cursor.region[1].only == policy.architecture.rawValue { return }
      if isWitness(action, cursor.region) { return }
      guard action == .allow else { throw refutation("an action that the mode does not have", at: cursor) }
      for box in boxes where box.contains(cursor.region) { return }
      let found = refutation("calls are allowed that are not inside one rule", at: cursor)
      guard found.counterExample == nil else { throw found }
      weaken(found)
    }
  }

  /// Whether an answer is the witness's, and for none but the call that asks for it.
  private func isWitness(_ action: Action, _ region: Region) -> Bool {
    guard let witness = policy.witness, region[0].only == policy.architecture.witnessNumber,
      region[1].only == policy.architecture.rawValue
    else { return false }
    let (low, high) = region.argument(0)
    guard high.only == 0, let argument = low.only, argument < UInt32(Witness.count) else { return false }
    return action == .error(witness[Int(argument)])
  }

  private mutating func weaken(_ found: Refutation) {
    if weakness == nil { weakness = found }
  }

  private func refusal(_ reason: StaticString, at cursor: Cursor) -> Refutation {
    Refutation(reason: "\(reason)", instruction: cursor.index)
  }

  private func refutation(_ reason: StaticString, at cursor: Cursor) -> Refutation {
    Refutation(
      reason: "\(reason)", instruction: cursor.index, counterExample: counterExample(in: cursor.region))
  }

  /// Looks for a call of a region on which program and policy differ.
  ///
  /// It tries corners of the region, and for each rule the call that comes nearest to it, each also with any one word
  /// at its bounds; then, rule after rule, what each leaves of the region. Whatever it finds is real, because each
  /// candidate is run and evaluated.
  private func counterExample(in region: Region) -> CounterExample? {
    for greatest in [false, true] {
      if let found = counterExample(near: region.corner(greatest: greatest), in: region) { return found }
    }
    for box in boxes where region[0].contains(box.number) {
      if let found = counterExample(near: box.nearest(in: region), in: region) { return found }
    }
    #if hasFeature(Embedded)
      // The tender refuses, whatever the example; `brig policy verify` has the time and the room to look further.
      return nil
    #else
      var found: CounterExample?
      var triesLeft = 1 << 16
      _ = search(region, from: 0, &triesLeft, &found)
      return found
    #endif
  }

  #if !hasFeature(Embedded)
    /// Takes rule after rule out of a region, and tries what is left.
    ///
    /// - Returns: Whether there is nothing more to do.
    private func search(
      _ region: Region, from index: Int, _ triesLeft: inout Int, _ found: inout CounterExample?
    ) -> Bool {
      guard triesLeft > 0 else { return true }
      guard index < boxes.count else {
        triesLeft -= 1
        found = CounterExample(region.corner(greatest: false), filter: filter, policy: policy)
        return found != nil
      }
      return boxes[index].visitRemainders(of: region) { search($0, from: index + 1, &triesLeft, &found) }
    }
  #endif

  private func counterExample(near request: Request, in region: Region) -> CounterExample? {
    if let found = CounterExample(request, filter: filter, policy: policy) { return found }
    for word in 0..<Request.wordCount {
      for value in [region[word].low, region[word].high] {
        var changed = request
        changed[word] = value
        if let found = CounterExample(changed, filter: filter, policy: policy) { return found }
      }
    }
    return nil
  }
}

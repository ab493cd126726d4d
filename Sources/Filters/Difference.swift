package import Host
package import Policy
package import Text

/// What is compared: a policy or a program, with a name.
package enum ComparedFilter: Sendable {
  case policy(Policy)
  case program(Program, name: String)
}

/// How two filters differ, over all calls there are.
package struct Difference: Sendable {
  /// What became of a system call.
  package enum Change: String, Sendable {
    case added, removed, widened, narrowed, changed
    /// The call is made as before, or not made as before, but the answer differs: an error instead of death, another
    /// error, an entry in the log or none.
    case answered
  }

  /// The difference for one number, or a range of numbers that differ alike.
  package struct CallDifference: Sendable {
    package let architecture: ArgumentSet
    package let numbers: ArgumentSet
    package let kind: Change
    package let gained: [[ArgumentSet]]
    package let lost: [[ArgumentSet]]
    package let isCut: Bool
    /// Whether the second filter is weaker for some of the calls.
    package let isWider: Bool
    /// A call with different answers.
    package let example: Example
  }

  /// A call, and the answers of the two filters.
  package struct Example: Sendable {
    package let request: Request
    let before: FilterAction
    let after: FilterAction
  }

  package let entries: [CallDifference]

  /// The relation between two filters' answers to a call.
  private enum Mark {
    /// Both make the call, or neither does, and the answer is the same.
    static let neither: UInt32 = 0
    static let both: UInt32 = 1
    /// Only one of them makes the call.
    static let first: UInt32 = 2
    static let second: UInt32 = 3
    /// Both make the call, but with or without an entry in the log.
    static let unlogged: UInt32 = 4
    static let logged: UInt32 = 5
    /// Neither makes the call, and the second's answer differs: less strict, stricter, or of the same kind with other
    /// data, which has no order.
    static let weaker: UInt32 = 6
    static let stricter: UInt32 = 7
    static let other: UInt32 = 8

    static let wider: Set = [second, unlogged, weaker, other]
    static let narrower: Set = [first, logged, stricter]
    static let made: Set = [both, unlogged, logged]
  }

  /// Compares two filters.
  ///
  /// - Throws: `Complaint` for a program with an instruction that isn't modelled.
  package init(from first: ComparedFilter, to second: ComparedFilter) throws(Complaint) {
    var diagram = Diagram()
    let a = try diagram.add(first)
    let b = try diagram.add(second)
    let both = try diagram.combine(a, b) { Self.mark($0, $1) }
    var entries: [CallDifference] = []
    for architecture in diagram.parts(of: both, from: 0, width: 32) {
      for number in diagram.parts(of: architecture.rest, from: 32, width: 32).flatMap(Self.apart) {
        let marks = diagram.values(of: number.rest)
        guard let kind = Self.kind(marks) else { continue }
        let gained = diagram.boxes(of: number.rest) { Mark.wider.contains($0) }
        let lost = diagram.boxes(of: number.rest) { Mark.narrower.contains($0) }
        let shown = marks.isDisjoint(with: Mark.wider) ? Mark.narrower : Mark.wider
        guard let request = diagram.example(of: both, through: [architecture, number], where: { shown.contains($0) })
        else { preconditionFailure("a part without a call of it") }
        let example = Example(
          request: request, before: FilterAction(diagram.value(of: a, for: request)),
          after: FilterAction(diagram.value(of: b, for: request)))
        entries.append(
          CallDifference(
            architecture: architecture.set, numbers: number.set, kind: kind, gained: gained.boxes.map(\.arguments),
            lost: lost.boxes.map(\.arguments), isCut: gained.isCut || lost.isCut,
            isWider: !marks.isDisjoint(with: Mark.wider), example: example))
      }
    }
    self.entries = entries
  }

  /// The numbers of a part one by one, if they are few enough to be named.
  private static func apart(_ part: Diagram.Stretch) -> [Diagram.Stretch] {
    let numbers = part.set.intervals.reduce(0) { $0 + ($1.upperBound - $1.lowerBound + 1) }
    guard numbers <= 64, !part.set.isCut else { return [part] }
    return part.set.intervals.flatMap { interval in
      interval.map { Diagram.Stretch(set: ArgumentSet(intervals: [$0...$0]), rest: part.rest) }
    }
  }

  /// Yes if both filters do the same, no if the second allows less, wider if it allows more anywhere.
  package var status: ExitStatus {
    if entries.isEmpty { return .yes }
    return entries.contains { $0.isWider } ? .wider : .no
  }

  private static func mark(_ a: UInt32, _ b: UInt32) -> UInt32 {
    let (first, second) = (FilterAction(a), FilterAction(b))
    switch (first.executes, second.executes) {
    case (true, false): return Mark.first
    case (false, true): return Mark.second
    case (true, true):
      return first == second ? Mark.both : first.rank < second.rank ? Mark.unlogged : Mark.logged
    case (false, false):
      if first == second { return Mark.neither }
      return first.rank == second.rank ? Mark.other : first.rank < second.rank ? Mark.weaker : Mark.stricter
    }
  }

  private static func kind(_ marks: Set<UInt32>) -> Change? {
    let isMade = !marks.isDisjoint(with: Mark.made)
    switch (marks.contains(Mark.first), marks.contains(Mark.second)) {
    case (false, false): return marks.isSubset(of: [Mark.neither, Mark.both]) ? nil : .answered
    case (true, true): return .changed
    case (true, false): return isMade ? .narrowed : .removed
    case (false, true): return isMade ? .widened : .added
    }
  }
}

extension Diagram {
  /// What a filter does with each call.
  mutating func add(_ subject: ComparedFilter) throws(Complaint) -> Node {
    switch subject {
    case .policy(let policy): add(policy)
    case .program(let program, let name): try add(program, name: name)
    }
  }
}

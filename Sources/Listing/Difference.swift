package import Policy

/// How two filters differ, over all calls there are.
package struct Difference: Sendable {
  /// What became of a system call.
  package enum Kind: String, Sendable {
    case added, removed, widened, narrowed, changed
    /// What is not allowed is answered otherwise, as by an error instead of death.
    case answered
  }

  /// The difference for one number, or a range of numbers that differ alike.
  package struct Entry: Sendable {
    package let architecture: ArgumentSet
    package let numbers: ArgumentSet
    package let kind: Kind
    package let gained: [[ArgumentSet]]
    package let lost: [[ArgumentSet]]
    package let isCut: Bool
    /// Whether the second filter is the weaker one in some of the calls.
    package let isWider: Bool
    /// A call that the two treat differently.
    package let example: Request?
  }

  package let entries: [Entry]

  /// What is compared: a policy or a program, with a name.
  package enum Subject: Sendable {
    case policy(Policy)
    case program(Program, name: String)
  }

  /// The marks that the two filters' answers to a call are put together to.
  private enum Mark {
    static let first: UInt32 = 1
    static let second: UInt32 = 2
    static let weaker: UInt32 = 4
    static let stricter: UInt32 = 8
  }

  /// Compares two filters.
  ///
  /// - Throws: `Complaint` for a program with an instruction that isn't modelled.
  package init(from first: Subject, to second: Subject) throws(Complaint) {
    var diagram = Diagram()
    let a = try diagram.add(first)
    let b = try diagram.add(second)
    let both = try diagram.combine(a, b) { Self.mark($0, $1) }
    var entries: [Entry] = []
    for architecture in diagram.parts(of: both, from: 0, width: 32) {
      for number in diagram.parts(of: architecture.rest, from: 32, width: 32).flatMap(Self.apart) {
        let marks = diagram.values(of: number.rest)
        guard let kind = Self.kind(marks) else { continue }
        let gained = diagram.boxes(of: number.rest) { $0 == Mark.second || $0 == Mark.weaker }
        let lost = diagram.boxes(of: number.rest) { $0 == Mark.first || $0 == Mark.stricter }
        // The example's arguments; architecture and number are those of the part.
        var example = diagram.example(of: number.rest) { $0 == Mark.second || $0 == Mark.weaker }
        if example == nil { example = diagram.example(of: number.rest) { $0 == Mark.first || $0 == Mark.stricter } }
        example?.architecture = UInt32(truncatingIfNeeded: architecture.set.intervals.first?.lowerBound ?? 0)
        example?.number = UInt32(truncatingIfNeeded: number.set.intervals.first?.lowerBound ?? 0)
        entries.append(
          Entry(
            architecture: architecture.set, numbers: number.set, kind: kind, gained: gained.boxes.map(\.arguments),
            lost: lost.boxes.map(\.arguments), isCut: gained.isCut || lost.isCut,
            isWider: marks.contains(Mark.second) || marks.contains(Mark.weaker), example: example))
      }
    }
    self.entries = entries
  }

  /// The numbers of a part one by one, where they are few enough to be named.
  private static func apart(_ part: Diagram.Part) -> [Diagram.Part] {
    let numbers = part.set.intervals.reduce(0) { $0 + ($1.upperBound - $1.lowerBound + 1) }
    guard numbers <= 64, !part.set.isCut else { return [part] }
    return part.set.intervals.flatMap { interval in
      interval.map { Diagram.Part(set: ArgumentSet(intervals: [$0...$0]), rest: part.rest) }
    }
  }

  /// 0 where both do the same, 1 where the second allows less, 2 where it allows more anywhere.
  package var status: Int32 {
    if entries.isEmpty { return 0 }
    return entries.contains { $0.isWider } ? 2 : 1
  }

  private static func mark(_ a: UInt32, _ b: UInt32) -> UInt32 {
    let (first, second) = (rank(a), rank(b))
    let executes = rank(0x7ffc_0000)
    if first >= executes || second >= executes {
      return (first >= executes ? Mark.first : 0) | (second >= executes ? Mark.second : 0)
    }
    if first == second { return 0 }
    return first < second ? Mark.weaker : Mark.stricter
  }

  /// The kernel's order of actions, the strictest lowest (`seccomp(2)`).
  private static func rank(_ action: UInt32) -> Int32 { Int32(bitPattern: action & 0xffff_0000) }

  private static func kind(_ marks: Set<UInt32>) -> Kind? {
    let (first, second) = (marks.contains(Mark.first), marks.contains(Mark.second))
    let both = marks.contains(Mark.first | Mark.second)
    switch (first, second) {
    case (false, false): return marks.contains(Mark.weaker) || marks.contains(Mark.stricter) ? .answered : nil
    case (true, true): return .changed
    case (true, false): return both ? .narrowed : .removed
    case (false, true): return both ? .widened : .added
    }
  }
}

extension Diagram {
  /// What a filter does with each call.
  mutating func add(_ subject: Difference.Subject) throws(Complaint) -> Node {
    switch subject {
    case .policy(let policy): add(policy)
    case .program(let program, let name): try add(program, name: name)
    }
  }
}

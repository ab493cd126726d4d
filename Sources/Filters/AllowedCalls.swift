package import Policy
package import Text

/// One number of a system call that a program allows with some arguments.
package struct AllowedCall: Sendable {
  package let architecture: UInt32
  package let number: UInt32
  package let name: String
  /// The arguments that it is allowed with, six sets for each box.
  package let boxes: [[ArgumentSet]]
  /// Whether there are more of them than are listed.
  package let isCut: Bool
  /// For each of the six arguments, the greatest share of all its values that it may have in one box.
  package let shares: [Double]
}

/// What a program allows, call by call, exact over all calls there are.
package struct AllowedCalls: Sendable {
  package let entries: [AllowedCall]
  /// Whether so many numbers are allowed, or so many architectures, that not all are listed.
  package let isCut: Bool
  /// Whether the program allows a call of another architecture than this machine's, or of the x32 ABI.
  package let hasForeign: Bool
  /// The actions of all answers, without their data (seccomp(2)).
  package let actions: Set<UInt32>
  /// The same of the last program alone.
  package let lastActions: Set<UInt32>

  /// The bit that the numbers of the x32 ABI have (`__X32_SYSCALL_BIT`, `asm/unistd.h`).
  private static let x32: UInt64 = 0x4000_0000

  /// Finds out what several programs allow together.
  ///
  /// The kernel asks every filter of a process.
  package init(of programs: [Program], name: String) throws(Complaint) {
    var diagram = Diagram()
    var all = diagram.constant(Action.allow.rawValue)
    var last = all
    for program in programs {
      last = try diagram.add(program, name: name)
      all = try diagram.combine(all, last) { FilterAction.strictest($0, $1) }
    }
    actions = Set(diagram.values(of: all).map { FilterAction($0).action })
    lastActions = Set(diagram.values(of: last).map { FilterAction($0).action })
    all = try diagram.combine(all, all) { answer, _ in FilterAction(answer).executes ? 1 : 0 }
    var entries: [AllowedCall] = []
    var (isCut, hasForeign) = (false, false)
    for architecture in diagram.parts(of: all, from: 0, width: 32)
    where diagram.values(of: architecture.rest).contains(1) {
      guard let word = architecture.set.intervals.first, architecture.set.intervals.count == 1,
        word.lowerBound == word.upperBound
      else {
        (isCut, hasForeign) = (true, true)
        continue
      }
      hasForeign = hasForeign || word.lowerBound != UInt64(Architecture.native.rawValue)
      for part in diagram.parts(of: architecture.rest, from: 32, width: 32)
      where diagram.values(of: part.rest).contains(1) {
        let boxes = diagram.boxes(of: part.rest) { $0 == 1 }
        let shares = diagram.shares(of: part.rest) { $0 == 1 }
        isCut = isCut || part.set.isCut
        hasForeign = hasForeign || part.set.isCut || part.set.intervals.contains { $0.upperBound >= Self.x32 }
        for interval in part.set.intervals {
          // Far more numbers than there are calls: an architecture that is allowed as a whole.
          if interval.upperBound - interval.lowerBound > 4096 { isCut = true }
          for number in interval.lowerBound...min(interval.upperBound, interval.lowerBound + 4096) {
            let number = UInt32(truncatingIfNeeded: number)
            let known = Architecture(rawValue: UInt32(truncatingIfNeeded: word.lowerBound))
            let name = known.flatMap { Numbers.name(of: number, on: $0) }
            if name == nil, interval.upperBound - interval.lowerBound > 64 {
              // A number without a name may be a call of a newer kernel's.
              isCut = true
              continue
            }
            entries.append(
              AllowedCall(
                architecture: UInt32(truncatingIfNeeded: word.lowerBound), number: number,
                name: name ?? "call \(number)",
                boxes: boxes.boxes.map(\.arguments), isCut: boxes.isCut, shares: shares))
          }
        }
      }
    }
    self.entries = entries.sorted { ($0.architecture, $0.number) < ($1.architecture, $1.number) }
    self.isCut = isCut
    self.hasForeign = hasForeign
  }
}

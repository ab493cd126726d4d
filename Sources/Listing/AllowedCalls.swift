package import Policy

/// What a program allows, call by call, exact over all calls there are.
package struct AllowedCalls: Sendable {
  /// One number that is allowed with some arguments.
  package struct Entry: Sendable {
    package let architecture: UInt32
    package let number: UInt32
    package let name: String
    /// The arguments that it is allowed with, six sets for each box.
    package let boxes: [[ArgumentSet]]

    /// Whether it is allowed whatever the arguments.
    package var isUnconditional: Bool { boxes.contains { $0.allSatisfy(\.isAll) } }
  }

  package let entries: [Entry]
  /// Whether so many numbers are allowed, or so many architectures, that not all are listed.
  package let isCut: Bool

  /// Finds out what programs allow that are all asked, as the kernel asks every filter of a process.
  package init(of programs: [Program], name: String) throws(Complaint) {
    var diagram = Diagram()
    var all = diagram.constant(Action.allow.rawValue)
    for program in programs {
      let actions = try diagram.add(program, name: name)
      all = try diagram.combine(all, actions) { Answer.strictest($0, $1) }
    }
    all = try diagram.combine(all, all) { answer, _ in Answer(answer).executes ? 1 : 0 }
    var entries: [Entry] = []
    var isCut = false
    for architecture in diagram.parts(of: all, from: 0, width: 32)
    where diagram.values(of: architecture.rest).contains(1) {
      guard let word = architecture.set.intervals.first, architecture.set.intervals.count == 1,
        word.lowerBound == word.upperBound
      else {
        isCut = true
        continue
      }
      for part in diagram.parts(of: architecture.rest, from: 32, width: 32)
      where diagram.values(of: part.rest).contains(1) {
        let boxes = diagram.boxes(of: part.rest) { $0 == 1 }
        isCut = isCut || part.set.isCut
        for interval in part.set.intervals {
          // Far more numbers than there are calls: an architecture that is allowed as a whole.
          if interval.upperBound - interval.lowerBound > 4096 { isCut = true }
          for number in interval.lowerBound...min(interval.upperBound, interval.lowerBound + 4096) {
            let number = UInt32(truncatingIfNeeded: number)
            let known = Architecture(rawValue: UInt32(truncatingIfNeeded: word.lowerBound))
            let name = known.flatMap { Numbers.name(of: number, on: $0) }
            if name == nil, interval.upperBound - interval.lowerBound > 64 { continue }
            entries.append(
              Entry(
                architecture: UInt32(truncatingIfNeeded: word.lowerBound), number: number,
                name: name ?? "call \(number)",
                boxes: boxes.boxes.map(\.arguments)))
          }
        }
      }
    }
    self.entries = entries.sorted { ($0.architecture, $0.number) < ($1.architecture, $1.number) }
    self.isCut = isCut
  }
}

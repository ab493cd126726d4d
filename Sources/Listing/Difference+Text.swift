import Policy

extension Difference {
  /// The difference for people: a paragraph for each system call.
  package var text: String {
    guard !entries.isEmpty else { return "no difference\n" }
    return entries.map(Self.paragraph).joined()
  }

  private static func paragraph(_ entry: Entry) -> String {
    let architecture = entry.architecture.intervals.first.flatMap {
      Architecture(rawValue: UInt32(truncatingIfNeeded: $0.lowerBound))
    }
    let place =
      entry.architecture.intervals.count == 1 && architecture != nil
      ? "\(architecture?.name ?? "")" : "architecture \(entry.architecture.words)"
    let number = entry.numbers.intervals.first.map { UInt32(truncatingIfNeeded: $0.lowerBound) } ?? 0
    let isOne =
      entry.numbers.intervals.count == 1 && entry.numbers.intervals.first.map { $0.lowerBound == $0.upperBound } == true
    let call = isOne ? architecture.flatMap { Numbers.call(number, on: $0) } : nil
    let known = isOne ? architecture.flatMap { Numbers.name(of: number, on: $0) } : nil
    let name = known ?? (isOne ? "call \(number)" : "calls \(entry.numbers.words)")
    var lines = "\(name.padded(to: 16)) \(entry.kind.rawValue) on \(place)\n"
    for (sign, boxes) in [("+", entry.gained), ("-", entry.lost)] {
      for box in boxes { lines += "    \(sign) \(words(box, call))\n" }
    }
    if entry.isCut { lines += "      and more\n" }
    if let example = entry.example {
      let arguments = (0..<6).map { String(hex: example.arguments[$0]) }.joined(separator: ", ")
      lines += "      for example \(name)(\(arguments))\n"
    }
    return lines
  }

  private static func words(_ box: [ArgumentSet], _ call: SystemCall?) -> String {
    let names = call?.row.arguments.map { "\($0)" } ?? []
    let parts = box.enumerated().filter { !$0.element.isAll }.map { index, set in
      "\(index < names.count ? names[index] : "argument \(index)") \(set.words)"
    }
    return parts.isEmpty ? "whatever the arguments" : parts.joined(separator: "; ")
  }
}

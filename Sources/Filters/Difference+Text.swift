import Policy
import Text

extension Difference {
  /// The difference for people: a paragraph for each system call.
  package var text: String {
    guard !entries.isEmpty else { return "no difference\n" }
    return entries.map(Self.paragraph).joined()
  }

  private static func paragraph(_ entry: CallDifference) -> String {
    let request = entry.example.request
    let architecture = Architecture(rawValue: request.architecture)
    let isOneArchitecture = entry.architecture.isOne
    let exampleName = name(request, architecture)
    let name = entry.numbers.isOne ? exampleName : "calls \(entry.numbers.words)"
    var lines = "\(name.padded(to: 16)) \(entry.kind.rawValue) on "
    lines += isOneArchitecture ? place(request) : "architectures \(entry.architecture.words)"
    lines += "\n"
    for (sign, boxes) in [("+", entry.gained), ("-", entry.lost)] {
      for box in boxes { lines += "    \(sign) \(words(box, entry.call))\n" }
    }
    if entry.isCut { lines += "      and more\n" }
    let arguments = (0..<6).map { String(hex: request.arguments[$0]) }.joined(separator: ", ")
    lines += "      for example \(exampleName)(\(arguments))"
    if !isOneArchitecture { lines += " on \(place(request))" }
    return lines + ": \(entry.example.before.words) before, \(entry.example.after.words) after\n"
  }

  private static func name(_ request: Request, _ architecture: Architecture?) -> String {
    architecture.flatMap { Numbers.name(of: request.number, on: $0) } ?? "call \(request.number)"
  }

  private static func place(_ request: Request) -> String {
    guard let architecture = Architecture(rawValue: request.architecture) else {
      return "architecture \(String(hex: request.architecture))"
    }
    return "\(architecture.name)"
  }

  private static func words(_ box: [ArgumentSet], _ call: PolicyCall?) -> String {
    let names = call?.row.arguments.map { "\($0)" } ?? []
    let parts = box.enumerated().filter { !$0.element.isAll }.map { index, set in
      "\(index < names.count ? names[index] : "argument \(index)") \(set.words)"
    }
    return parts.isEmpty ? "whatever the arguments" : parts.joined(separator: "; ")
  }
}

extension Difference.CallDifference {
  /// The call, if it is one that policies name, and one only.
  var call: PolicyCall? {
    guard numbers.isOne, architecture.isOne else { return nil }
    let request = example.request
    return Architecture(rawValue: request.architecture).flatMap { Numbers.call(request.number, on: $0) }
  }
}

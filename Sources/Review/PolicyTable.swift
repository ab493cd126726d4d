import Policy
import Text

extension PolicyListing {
  /// The listing as a table for people: each call, its arguments, and the hypercall that needs it.
  package var table: String {
    var text =
      "\(policy.architecture.name), \(launch.devices.isEmpty ? "no devices" : launch.devices.map { "\(String($0.name)) (\($0.description))" }.shortened(separator: ", "))\n"
    let calls = policy.calls.count
    text +=
      "\(calls) system calls, \(policy.rules.count) rules, \(program.instructions.count) instructions; any other call "
    text += policy.mode == .kill ? "kills the process\n" : "is reported, and kills the process\n"
    if let witness = policy.witness {
      let answers = (0..<Witness.count).map { "\(witness[$0])" }.joined(separator: ", ")
      text += "getpid with 0, 1, 2 is answered by the errors \(answers): they tell that the filter is in force\n"
    }
    for rule in policy.rules {
      text +=
        "\n\("\(rule.call.row.name)".padded(to: 15))\(String(rule.hypercall).padded(to: 12)) \(rule.name.shown)  policies/\(rule.file):\(rule.position.line)\n"
      for (index, condition) in rule.conditions.enumerated() {
        let name = rule.call.row.arguments[index]
        text +=
          "    \("\(name)".padded(to: 11))\(launch.words(condition, of: name).padded(to: 50)) \(Self.count(condition.count))\n"
      }
      text += "    \(String(rule.why).wrapped(to: 96, behind: 4))\n"
    }
    return text
  }

  private static func count(_ values: UInt64) -> String { values == 1 ? "1 value" : "\(Launch.size(values)) values" }
}

import Filters
import Policy
import Text

extension PolicyListing {
  /// The policy as structured pseudo-code: what the filter decides, not how.
  package var pseudo: String {
    let architecture = policy.architecture
    var text = "if architecture != \(architecture.name) (\(String(hex: architecture.rawValue))): kill process\n"
    text += "switch number {\n"
    for call in policy.calls {
      text += "case \(call.row.name) (\(call.number(on: architecture))):\n"
      for rule in policy.rules where rule.call == call {
        let conditions = rule.conditions.enumerated().map { Self.code($0.element, call.row.arguments[$0.offset]) }
        text +=
          "  if \(conditions.joined(separator: "\n      and ")): allow  // \(rule.name.shown), for \(rule.hypercall.shown)\n"
      }
    }
    if let witness = policy.witness {
      text += "case \(architecture.witnessNumber):\n"
      for argument in 0..<Witness.count {
        text += "  if argument 0 == \(argument): error \(witness[argument])  // that the filter is in force\n"
      }
    }
    if policy.mode == .report {
      text += "case \(architecture.fatalNumber): kill process\n"
      if let foreign = architecture.foreignNumbers {
        text += "case \(String(hex: foreign.lowerBound)) to \(String(hex: foreign.upperBound)): kill process\n"
      }
    }
    return text + "}\n\(policy.mode == .kill ? "kill process" : "trap")\n"
  }

  private static func code(_ condition: Condition, _ name: StaticString) -> String {
    switch condition.shape {
    case .equal: "\(name) == \(ArgumentSet.number(condition.value))"
    case .masked, .window: "\(name) & \(String(hex: condition.mask)) == \(String(hex: condition.value))"
    case .atMost: "\(name) <= \(ArgumentSet.number(condition.value))"
    }
  }
}

import Policy
import Text

extension Rule {
  /// Writes the members that say which rule it is, and where it stands.
  func writePlace(to json: inout JSON) {
    json.string("rule", name)
    json.string("hypercall", hypercall)
    json.string("file", "policies/\(file)")
    json.number("line", position.line)
  }
}

extension Launch {
  /// Writes the member that has an object for each argument of a rule's call.
  func writeArguments(of rule: Rule, to json: inout JSON) {
    let names = rule.call.row.arguments
    json.array("arguments") { json in
      for (index, condition) in rule.conditions.enumerated() {
        json.object(compact: true) { json in
          json.string("name", "\(names[index])")
          condition.write(to: &json)
          json.string("means", Text(words(condition, of: names[index])))
        }
      }
    }
  }
}

extension Condition {
  /// Writes the members of an argument's object that say what is asked of it.
  func write(to json: inout JSON) {
    json.string("condition", Text(shape.word))
    if shape == .masked || shape == .window { json.string("mask", Text(String(hex: mask))) }
    json.string("value", Text(String(hex: value)))
    json.number("admits", count)
  }
}

extension Condition.Shape {
  /// The shape's name in a listing.
  var word: String {
    switch self {
    case .equal: "equal"
    case .masked: "masked"
    case .window: "window"
    case .atMost: "at-most"
    }
  }
}

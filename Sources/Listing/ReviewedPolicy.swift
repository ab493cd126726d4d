package import Policy
import Text

/// The policy of a listing that was written earlier, perhaps by another version of Brig.
package struct ReviewedPolicy: Sendable {
  package let policy: Policy
  package let selection: String?
  package let programDigest: String?
  package let acknowledgements: [PolicyListing.Acknowledgement]

  /// Reads a listing.
  ///
  /// - Throws: `Complaint` with the file and what in it isn't a listing of this version.
  package init(parsing bytes: [UInt8], file: String) throws(Complaint) {
    let json = try JSONValue(parsing: bytes, file: file)
    guard json["schema"]?.string == "brig-policy" else { throw Complaint("\(file): no listing of a policy") }
    guard json["version"]?.number == 1 else { throw Complaint("\(file): a listing of another version than 1") }
    guard let architecture = json["architecture"]?.string.flatMap({ Architecture(named: $0) }) else {
      throw Complaint("\(file): unknown architecture")
    }
    var rules: [Rule] = []
    for (index, rule) in (json["rules"]?.elements ?? []).enumerated() {
      guard let rule = Self.rule(rule) else { throw Complaint("\(file): rules[\(index)]: not of the documented form") }
      rules.append(rule)
    }
    policy = Policy(
      unchecked: rules, architecture: architecture, mode: json["mode"]?.string == "report" ? .report : .kill)
    selection = json["selection"]?.string
    programDigest = json["program"]?["sha256"]?.string
    acknowledgements = (json["acknowledged"]?.elements ?? []).compactMap {
      guard let from = $0["from"]?.string, let reason = $0["reason"]?.string else { return nil }
      return PolicyListing.Acknowledgement(from: from, reason: reason)
    }
  }

  private static func rule(_ json: JSONValue) -> Rule? {
    guard let name = json["syscall"]?.string,
      let call = SystemCall.allCases.first(where: { Text($0.row.name) == Text(name) })
    else { return nil }
    var conditions: [Condition] = []
    for argument in json["arguments"]?.elements ?? [] {
      guard let value = argument["value"]?.unsigned else { return nil }
      switch argument["condition"]?.string {
      case "equal": conditions.append(Condition(shape: .equal, value: value))
      case "at-most": conditions.append(Condition(shape: .atMost, value: value))
      case "masked", "window":
        guard let mask = argument["mask"]?.unsigned, value & ~mask == 0 else { return nil }
        conditions.append(Condition(shape: .masked, mask: mask, value: value))
      default: return nil
      }
    }
    guard conditions.count == call.row.arguments.count else { return nil }
    return Rule(
      name: Text(json["rule"]?.string ?? ""), hypercall: Text(json["hypercall"]?.string ?? ""),
      why: Text(json["why"]?.string ?? ""), call: call, conditions: conditions, file: "listing",
      position: Position(line: Int(json["line"]?.number ?? 0), column: 1))
  }
}

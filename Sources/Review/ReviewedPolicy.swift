import Filters
import Host
package import Policy
import Receipts
package import Text

/// The policy of a listing that was written earlier, perhaps by another version of Brig.
package struct ReviewedPolicy: Sendable {
  package let policy: Policy
  package let selection: String?
  /// The digest of the program that the policy was compiled to when the listing was written.
  package let programDigest: String
  package let acknowledgements: [PolicyListing.Acknowledgement]

  /// Reads a listing, which must have every member of the schema in `docs/policy.md` and no other.
  ///
  /// - Throws: `Complaint` with the file and the place of what differs from the schema.
  package init(parsing bytes: [UInt8], file: String) throws(Complaint) {
    let json = try JSONValue(parsing: bytes, file: file)
    // What it is comes first: another document lacks much, and of another version the rest may differ.
    guard json.isOf(.policy) else { throw Complaint("\(file): no listing of a policy") }
    guard json.hasVersion(of: .policy) else {
      throw Complaint("\(file): a listing of another version than \(DocumentKind.policy.row.version)")
    }
    let listing = try ListingReader(
      json, at: "\(file): listing",
      required: [
        "schema", "version", "acknowledged", "architecture", "mode", "devices", "program", "rules",
      ], optional: ["selection"])
    selection = listing.has("selection") ? try listing.string("selection") : nil
    var acknowledgements: [PolicyListing.Acknowledgement] = []
    for entry in try listing.objects("acknowledged", required: ["from", "reason"]) {
      acknowledgements.append(
        PolicyListing.Acknowledgement(from: try entry.digest("from"), reason: try entry.string("reason")))
    }
    self.acknowledgements = acknowledgements
    let name = try listing.string("architecture", oneOf: Architecture.allCases.map { "\($0.name)" })
    guard let architecture = Architecture(named: Text(name)) else { throw listing.failure("architecture", "unknown") }
    let mode = try listing.string("mode", oneOf: ["kill", "report"])
    for device in try listing.objects("devices", required: ["name", "type", "descriptor"]) {
      _ = try device.string("name")
      _ = try device.string("type", oneOf: ["block", "block, read only", "net"])
      _ = try device.number("descriptor", in: 0...Int64(Int32.max))
    }
    let program = try listing.object("program", required: ["instructions", "sha256"], optional: ["witness"])
    _ = try program.number("instructions", in: 1...4096)
    programDigest = try program.digest("sha256")
    var rules: [Rule] = []
    for rule in try listing.objects("rules", required: Self.ruleMembers) {
      rules.append(try Self.rule(rule, architecture))
    }
    guard !rules.isEmpty else { throw listing.failure("rules", "none, and no policy is without one") }
    var policy = Policy(unchecked: rules, architecture: architecture, mode: mode == "report" ? .report : .kill)
    policy.witness = try Witness(listed: json["program"]?["witness"]) { problem in program.failure("witness", problem) }
    self.policy = policy
  }

  private static let ruleMembers = ["syscall", "number", "rule", "hypercall", "why", "file", "line", "arguments"]

  private static func rule(_ json: ListingReader, _ architecture: Architecture) throws(Complaint) -> Rule {
    let name = try json.string("syscall", oneOf: PolicyCall.allCases.map { "\($0.row.name)" })
    guard let call = PolicyCall.allCases.first(where: { "\($0.row.name)" == name }) else {
      throw json.failure("syscall", "unknown")
    }
    let number = Int64(call.number(on: architecture))
    guard try json.number("number", in: 0...Int64(UInt32.max)) == number else {
      throw json.failure("number", "not \(number), which is \(name) on \(architecture.name)")
    }
    let arguments = try json.objects(
      "arguments", required: ["name", "condition", "value", "admits", "means"], optional: ["mask"])
    guard arguments.count == call.row.arguments.count else {
      throw json.failure("arguments", "\(arguments.count), and \(name) has \(call.row.arguments.count)")
    }
    guard try json.string("file").hasPrefix("policies/") else { throw json.failure("file", "not in policies/") }
    var conditions: [Condition] = []
    for (argument, name) in zip(arguments, call.row.arguments) {
      conditions.append(try condition(argument, "\(name)"))
    }
    return Rule(
      name: Text(try json.string("rule")), hypercall: Text(try json.string("hypercall")),
      why: Text(try json.string("why")), call: call, conditions: conditions, file: "listing",
      position: Position(line: Int(try json.number("line", in: 1...Int64(Int32.max))), column: 1))
  }

  private static func condition(_ json: ListingReader, _ name: String) throws(Complaint) -> Condition {
    _ = try json.string("name", oneOf: [name])
    _ = try json.string("means")
    let value = try json.word("value")
    let word = try json.string("condition", oneOf: ["equal", "masked", "window", "at-most"])
    let isMasked = word == "masked" || word == "window"
    guard json.has("mask") == isMasked else {
      throw json.failure("mask", isMasked ? "missing" : "of no use to the condition \(word)")
    }
    let mask = isMasked ? try json.word("mask") : .max
    guard value & ~mask == 0 else { throw json.failure("value", "has bits outside the mask") }
    let condition =
      switch word {
      case "equal": Condition(shape: .equal, value: value)
      case "at-most": Condition(shape: .atMost, value: value)
      default: Condition(shape: .masked, mask: mask, value: value)
      }
    guard mask != 0, let count = Int64(exactly: condition.count), count > 0 else {
      throw json.failure("value", "admits more than the language grants")
    }
    guard try json.number("admits", in: 1...Int64.max) == count else {
      throw json.failure("admits", "not \(count), as many as the condition admits")
    }
    return condition
  }

  /// The problem with this listing as the successor of another: it allows more, and doesn't say why.
  ///
  /// A reason that the other listing already had doesn't count, even if the program was the same then.
  func widening(since before: ReviewedPolicy) throws(Complaint) -> String? {
    let difference = try Difference(from: .policy(before.policy), to: .policy(policy))
    guard difference.status == .wider else { return nil }
    func count(_ listing: ReviewedPolicy) -> Int {
      listing.acknowledgements.count { $0.from == before.programDigest }
    }
    guard count(self) <= count(before) else { return nil }
    return "allows more than before, and acknowledges it nowhere\n\(difference.text)"
  }
}

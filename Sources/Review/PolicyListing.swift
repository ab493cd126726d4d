import Filters
package import Policy
package import Receipts
package import Text

/// A policy as JSON, which people review and programs compare.
///
/// `docs/policy.md` describes the schema.
package struct PolicyListing: Sendable {
  /// A reviewer's agreement to a listing that allows more than the one before it.
  package struct Acknowledgement: Equatable, Sendable {
    /// The digest of the program before the widening, in hexadecimal digits.
    package let from: String
    package let reason: String
  }

  /// The selection in its short form; nil for the values of a running tender.
  package let selection: String?
  package let launch: Launch
  package let policy: Policy
  package let program: Program
  package var acknowledgements: [Acknowledgement]

  /// Makes the listing of a launch.
  package init(_ launch: Launch, selection: String?, acknowledgements: [Acknowledgement] = []) throws(Complaint) {
    self.launch = launch
    self.selection = selection
    self.acknowledgements = acknowledgements
    policy = try launch.policy()
    program = try policy.compiled()
  }

  /// Makes the listing of the program that a tender installed, by the values in its receipt.
  ///
  /// - Throws: `Complaint` if these values make a program with another digest.
  package init(of receipt: ReceiptRecord) throws(Complaint) {
    guard let digest = receipt.programDigest else { throw receipt.failure("seccomp.sha256 is missing") }
    var launch = try receipt.launch()
    launch.architecture = try receipt.architecture()
    try self.init(launch, selection: nil)
    guard program.digest != digest else { return }
    throw receipt.failure(
      "the values in it make another program than the one that was installed, \(digest): "
        + "use the brig that came with the tender")
  }

  /// The listing as JSON.
  package var json: Text {
    JSON.document(.policy) { json in
      if let selection { json.string("selection", Text(selection)) }
      json.array("acknowledged") { json in
        for entry in acknowledgements {
          json.object { json in
            json.string("from", Text(entry.from))
            json.string("reason", Text(entry.reason))
          }
        }
      }
      json.string("architecture", "\(policy.architecture.name)")
      json.string("mode", policy.mode == .kill ? "kill" : "report")
      json.array("devices") { json in
        for device in launch.devices {
          json.object(compact: true) { json in
            json.string("name", device.name)
            json.string("type", Text(device.description))
            json.number("descriptor", device.descriptor)
          }
        }
      }
      json.object("program") { json in
        json.number("instructions", program.instructions.count)
        json.string("sha256", Text(program.digest))
        policy.witness?.write(to: &json)
      }
      json.array("rules") { json in for rule in policy.rules { write(rule, &json) } }
    }
  }

  private func write(_ rule: Rule, _ json: inout JSON) {
    json.object { json in
      json.string("syscall", "\(rule.call.row.name)")
      json.number("number", rule.call.number(on: policy.architecture))
      json.string("rule", rule.name)
      json.string("hypercall", rule.hypercall)
      json.string("why", rule.why)
      json.string("file", "policies/\(rule.file)")
      json.number("line", rule.position.line)
      launch.writeArguments(of: rule, to: &json)
    }
  }
}

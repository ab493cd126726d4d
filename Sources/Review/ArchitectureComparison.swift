import Filters
import Policy
package import Text

/// A document on how the architectures' filters differ: their numbers, and what only one of them allows.
package struct ArchitectureComparison: Sendable {
  /// The document's file name, beside the listings.
  package static let fileName = "ARCHITECTURES.md"
  /// The selection whose rules are compared one by one.
  ///
  /// It has each kind of rule, and each device's rules twice.
  private static let fullest = "2block+2net"

  /// The document, as Markdown.
  package let text: String

  /// One selection's policy and program on each architecture, in the order of `Architecture.allCases`.
  private struct Compared {
    let selection: String
    let listings: [PolicyListing]

    init(_ selection: String) throws(Complaint) {
      self.selection = selection
      var listings: [PolicyListing] = []
      for architecture in Architecture.allCases {
        guard let selection = Selection(short: "\(selection)@\(architecture.name)") else {
          throw Complaint("\(selection): no selection")
        }
        listings.append(try PolicyListing(selection.launch, selection: selection.short))
      }
      self.listings = listings
    }

    /// The rules of one architecture to which no rule of the others corresponds.
    func rules(onlyOn index: Int) -> [Rule] {
      listings[index].policy.rules.filter { rule in
        !listings.enumerated().contains { $0.offset != index && $0.element.policy.rules.contains(where: rule.isSame) }
      }
    }
  }

  /// Compares the policy's filters on all architectures.
  ///
  /// - Throws: `Complaint` for a policy that can't be compiled.
  package init() throws(Complaint) {
    var pairs: [Compared] = []
    for selection in ReviewedListings.selections { pairs.append(try Compared(selection)) }
    let fullest = try Compared(Self.fullest)
    text = Self.head + Self.sizes(pairs) + Self.numbers(fullest) + Self.difference(fullest) + Self.rest(fullest)
  }

  private static let names = Architecture.allCases.map { "\($0.name)" }

  private static let head = """
    # The architectures' filters

    What differs between the filters of \(names.joined(separator: " and ")). `brig policy listings` writes this page from the policy, and a test compares it.


    """

  private static func row(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |\n" }

  private static func table(_ head: [String], _ rows: [[String]]) -> String {
    row(head) + "|\(String(repeating: "---|", count: head.count))\n" + rows.map(row).joined() + "\n"
  }

  private static func sizes(_ pairs: [Compared]) -> String {
    let head = ["selection"] + names.flatMap { ["rules, \($0)", "instructions, \($0)"] }
    let rows = pairs.map { pair in
      ["`\(pair.selection)`"]
        + pair.listings.flatMap { ["\($0.policy.rules.count)", "\($0.program.instructions.count)"] }
    }
    return table(head, rows)
  }

  private static func numbers(_ pair: Compared) -> String {
    let calls = PolicyCall.allCases.filter { call in
      pair.listings.contains { $0.policy.rules.contains { $0.call == call } }
    }
    let rows =
      [["the kernel's word for the architecture"] + Architecture.allCases.map { String(hex: UInt64($0.rawValue)) }]
      + calls.map { call in
        ["`\(call.row.name)`"] + Architecture.allCases.map { "\(call.number(on: $0))" }
      }
      + [["`getppid`, which ends a tender with `--seccomp=report`"] + Architecture.allCases.map { "\($0.fatalNumber)" }]
    return "## Numbers\n\n" + table(["", names[0], names[1]], rows)
  }

  private static func difference(_ pair: Compared) -> String {
    var rows: [[String]] = []
    for (index, listing) in pair.listings.enumerated() {
      for rule in pair.rules(onlyOn: index) {
        let conditions = rule.conditions.enumerated().map { position, condition in
          let name = rule.call.row.arguments[position]
          return "\(name) \(listing.launch.words(condition, of: name))"
        }
        rows.append([
          names[index], "`\(rule.name.shown)`", "`\(rule.call.row.name)`: \(conditions.joined(separator: "; "))",
          "policies/\(rule.file):\(rule.position.line)", rule.why.shown,
        ])
      }
    }
    guard !rows.isEmpty else { return "No rule is one architecture's alone.\n\n" }
    return "## Rules that only one of them has\n\n" + table(["on", "rule", "allows", "from", "why"], rows)
  }

  private static func rest(_ pair: Compared) -> String {
    let same = pair.listings[0].policy.rules.count - pair.rules(onlyOn: 0).count
    return """
      All \(same) other rules of `\(pair.selection)` have the same condition on every argument.

      """
  }
}

extension Rule {
  /// Whether two architectures' rules allow the same call with the same arguments.
  fileprivate func isSame(_ other: Rule) -> Bool {
    name == other.name && call == other.call && conditions == other.conditions
  }
}

import Host
import Policy
package import Text

extension Difference {
  /// The difference as JSON; `docs/policy.md` describes it.
  ///
  /// - Parameters:
  ///   - first: the filter before, as it was named.
  ///   - second: the filter after.
  /// - Returns: the document.
  package func json(from first: String, to second: String) -> Text {
    JSON.document(.policyDifference) { json in
      json.string("from", Text(first))
      json.string("to", Text(second))
      json.string("relation", status == .yes ? "same" : status == .wider ? "wider" : "narrower")
      json.array("calls") { json in for entry in entries { Self.write(entry, &json) } }
    }
  }

  private static func write(_ entry: CallDifference, _ json: inout JSON) {
    json.object { json in
      json.string("change", Text(entry.kind.rawValue))
      json.boolean("wider", entry.isWider)
      json.object("architectures", compact: true) { json in entry.architecture.write(to: &json) }
      json.object("numbers", compact: true) { json in entry.numbers.write(to: &json) }
      json.array("gained") { json in for box in entry.gained { write(box, of: entry.call, &json) } }
      json.array("lost") { json in for box in entry.lost { write(box, of: entry.call, &json) } }
      json.boolean("cut", entry.isCut)
      json.object("example") { json in entry.example.write(to: &json) }
    }
  }

  /// Writes the arguments of a box that not every value is in.
  private static func write(_ box: [ArgumentSet], of call: PolicyCall?, _ json: inout JSON) {
    let names = call?.row.arguments ?? []
    json.array { json in
      for (index, set) in box.enumerated() where !set.isAll {
        json.object(compact: true) { json in
          json.number("argument", index)
          if index < names.count { json.string("name", "\(names[index])") }
          set.write(to: &json)
        }
      }
    }
  }
}

extension Difference.Example {
  fileprivate func write(to json: inout JSON) {
    let architecture = Architecture(rawValue: request.architecture)
    json.string("architecture", Text(String(hex: request.architecture)))
    json.number("number", request.number)
    if let name = architecture.flatMap({ Numbers.name(of: request.number, on: $0) }) {
      json.string("syscall", Text(name))
    }
    json.array("arguments", compact: true) { json in
      for index in 0..<6 { json.string(nil, Text(String(hex: request.arguments[index]))) }
    }
    json.string("before", Text(before.words))
    json.string("after", Text(after.words))
  }
}

extension ArgumentSet {
  /// Writes the members of an object that say which values are in the set.
  fileprivate func write(to json: inout JSON) {
    json.array("intervals") { json in
      for interval in intervals {
        json.array { json in
          json.string(nil, Text(String(hex: interval.lowerBound)))
          json.string(nil, Text(String(hex: interval.upperBound)))
        }
      }
    }
    json.boolean("all_listed", !isCut)
    json.string("means", Text(words))
  }
}

import Policy
import Text

/// The results as JUnit's XML, which CI systems read.
extension Results {
  /// A testsuite for each target, with a testcase for each category and system call.
  package var junit: [UInt8] {
    var xml = XML()
    let sums = tallies.map(Suite.init).reduce(into: Suite.Sums()) { $0.add($1.sums) }
    xml.element(
      "testsuites",
      [
        "name": "brig attack", "tests": "\(sums.tests)", "failures": "\(sums.failures)", "errors": "\(sums.errors)",
        "skipped": "\(sums.skipped)", "time": Suite.seconds(time),
      ]
    ) { xml in
      for tally in tallies { Suite(tally).write(to: &xml, architecture: "\(architecture.name)") }
    }
    return xml.bytes
  }
}

/// One target's testsuite.
private struct Suite {
  struct Sums {
    var tests = 0, failures = 0, errors = 0, skipped = 0

    mutating func add(_ other: Sums) {
      tests += other.tests
      failures += other.failures
      errors += other.errors
      skipped += other.skipped
    }
  }

  private let tally: Tally

  init(_ tally: Tally) { self.tally = tally }

  var sums: Sums {
    let failures = tally.groups.count { !$0.wrong.isEmpty }
    let skipped = tally.groups.count { $0.tried == $0.unavailable }
    let errors = tally.stop == nil ? 0 : 1
    return Sums(tests: tally.groups.count + errors, failures: failures, errors: errors, skipped: skipped)
  }

  static func seconds(_ nanoseconds: UInt64) -> String {
    let milliseconds = nanoseconds / 1_000_000
    return "\(milliseconds / 1000).\(String(1000 + milliseconds % 1000).dropFirst())"
  }

  func write(to xml: inout XML, architecture: String) {
    let sums = sums
    xml.element(
      "testsuite",
      [
        "name": tally.title, "tests": "\(sums.tests)", "failures": "\(sums.failures)", "errors": "\(sums.errors)",
        "skipped": "\(sums.skipped)", "time": Self.seconds(tally.time),
      ]
    ) { xml in
      xml.element("properties", [:]) { xml in
        xml.element("property", ["name": "architecture", "value": architecture])
        xml.element("property", ["name": "attempts", "value": "\(tally.groups.reduce(0) { $0 + $1.tried })"])
      }
      // First, because thousands of cases that weren't tried may follow.
      if let stop = tally.stop {
        xml.element("testcase", ["classname": className, "name": "all attempts are made"]) { xml in
          xml.element("error", ["message": stop, "type": "stopped"])
        }
      }
      for group in tally.groups { write(group, to: &xml) }
    }
  }

  /// Systems split a class's name at each dot into packages, so it has one.
  private var className: String { "brig-attack.\(tally.title)" }

  private func write(_ group: Tally.CallTally, to xml: inout XML) {
    let attributes: KeyValuePairs<StaticString, String> = ["classname": className, "name": group.title]
    if let first = group.wrong.first {
      let lines = group.wrong.map { attempt, outcome in
        "\(attempt.name.shown): \(attempt.call): \(outcome.text.shown); expected: \(attempt.expectation.rawValue)"
      }
      xml.element("testcase", attributes) { xml in
        xml.element(
          "failure",
          [
            "message": "\(group.wrong.count) of \(group.tried) not as they must: \(first.outcome.text.shown)",
            "type": first.attempt.expectation.rawValue,
          ], text: lines.joined(separator: "\n"))
      }
    } else if group.tried == group.unavailable {
      xml.element("testcase", attributes) { xml in
        let reason = group.tried == 0 ? "not tried" : "this kernel doesn't have 32-bit system calls"
        xml.element("skipped", ["message": reason])
      }
    } else {
      xml.element("testcase", attributes)
    }
  }
}

import Glibc
import Host
import Policy
import Testing
import Text

@testable import Attack

/// To add one: a function with the results of a run, and what Python's reader finds in them.
@Suite("the results as JUnit's XML")
struct JUnitTests {
  /// Reads a document with Python's own reader, and prints each element with its attributes and its text.
  private static func parsed(_ document: [UInt8]) throws -> [String] {
    let script = """
      import sys, xml.etree.ElementTree as tree
      for element in tree.parse(sys.argv[1]).iter():
        print(element.tag, sorted(element.attrib.items()), ascii((element.text or "").strip()))
      """
    let file = try Files.unnamed("results", isInherited: true)
    try file.write(Text(bytes: document))
    let (end, output, complaint) = try ChildProcess.run(["python3", "-c", script, "/proc/self/fd/\(file.raw)"])
    #expect(end.status == 0, "\(String(raw: complaint))")
    return String(raw: output).split(separator: "\n").map(String.init)
  }

  private static func attempt(
    _ name: String, of subject: String?, _ category: Attempt.Category = .number, _ interface: CallInterface = .native
  ) -> Attempt {
    Attempt(
      category: category, name: name, subject: subject, interface: interface, number: 39, words: [], expectation: .dies)
  }

  @Test("have a suite for each target, and a case for each category and call")
  func shape() throws {
    var tally = Tally("console")
    tally.time = 1_234_567_890
    tally.count(Self.attempt("getpid", of: "getpid"), .died)
    tally.count(Self.attempt("number 900", of: nil), .died)
    tally.count(Self.attempt("number 901", of: nil), .lived("returned -38"))
    tally.count(Self.attempt("number 3", of: "read", .i386, .i386), .unavailable)
    var stopped = Tally("net")
    stopped.stop = "/tmp: \"no\" <disk> & no 'TAP'"
    var results = Results(architecture: .x86_64)
    results.add(tally)
    results.add(stopped)
    #expect(!results.isGood)
    func sums(
      _ tag: String, errors: Int, failures: Int, _ name: String, skipped: Int, tests: Int, _ time: String
    ) -> String {
      "\(tag) [('errors', '\(errors)'), ('failures', '\(failures)'), ('name', '\(name)'), ('skipped', '\(skipped)'), "
        + "('tests', '\(tests)'), ('time', '\(time)')] ''"
    }
    #expect(
      try Self.parsed(results.junit) == [
        sums("testsuites", errors: 1, failures: 1, "brig attack", skipped: 1, tests: 4, "0.000"),
        sums("testsuite", errors: 0, failures: 1, "console", skipped: 1, tests: 3, "1.234"),
        "properties [] ''",
        "property [('name', 'architecture'), ('value', 'x86_64')] ''",
        "property [('name', 'attempts'), ('value', '4')] ''",
        "testcase [('classname', 'brig-attack.console'), ('name', 'numbers 0 to 1023: getpid')] ''",
        "testcase [('classname', 'brig-attack.console'), ('name', 'numbers 0 to 1023: of no call')] ''",
        "failure [('message', '1 of 2 not as they must: returned -38'), ('type', 'dies')] "
          + "'number 901: native:39: returned -38; expected: dies'",
        "testcase [('classname', 'brig-attack.console'), ('name', 'i386 interface: read')] ''",
        "skipped [('message', \"this kernel doesn't have 32-bit system calls\")] ''",
        sums("testsuite", errors: 1, failures: 0, "net", skipped: 0, tests: 1, "0.000"),
        "properties [] ''",
        "property [('name', 'architecture'), ('value', 'x86_64')] ''",
        "property [('name', 'attempts'), ('value', '0')] ''",
        "testcase [('classname', 'brig-attack.net'), ('name', 'all attempts are made')] ''",
        "error [('message', '/tmp: \"no\" <disk> & no \\'TAP\\''), ('type', 'stopped')] ''",
      ])
  }

  @Test("are well-formed whatever a name or a probe's words hold")
  func hostileNames() throws {
    let bytes = (0...255).map { UInt8($0) }
    let odd = ["\u{fffe}\u{ffff}\u{0}", "]]>", "<!--", "--", "&#0;", "\u{85}\u{2028}", "\u{1f600}", "\u{10ffff}"]
    for name in [String(raw: bytes), String(raw: bytes.reversed())] + odd {
      var tally = Tally(name)
      tally.count(Self.attempt(name, of: name), .broken(name))
      tally.stop = name
      var results = Results(architecture: .aarch64)
      results.add(tally)
      let lines = try Self.parsed(results.junit)
      #expect(lines.filter { $0.hasPrefix("testcase ") }.count == 2, "\(name.shown)")
      #expect(lines.filter { $0.hasPrefix("failure ") || $0.hasPrefix("error ") }.count == 2, "\(name.shown)")
    }
    var tally = Tally("a\u{1b}[2J<&>\"'\n\tb")
    tally.count(Self.attempt("a", of: nil), .died)
    var results = Results(architecture: .x86_64)
    results.add(tally)
    #expect(try Self.parsed(results.junit).contains { $0.contains(#"('name', 'a\\x1b[2J<&>"\'\n\tb')"#) })
  }

  @Test("of a run that was ended say so for each target")
  func unfinished() throws {
    let results = Results.none(of: ["console", "<none>"])
    #expect(!results.isGood && !results.isAnswer)
    let lines = try Self.parsed(results.junit)
    #expect(lines.filter { $0.hasPrefix("error ") && $0.contains("did not come to an end") }.count == 2)
    let refused = try Self.parsed(Results.none(of: ["all targets"], because: "no such call").junit)
    #expect(refused.filter { $0.hasPrefix("error ") && $0.contains("no such call") }.count == 1)
  }

  @Test("name what a plan has and nobody tried")
  func untried() throws {
    let plan = try Plan(.console, architecture: .x86_64, calls: ["openat"])
    var tally = Tally(plan)
    tally.count(plan.attempts[0], .died)
    var results = Results(architecture: .x86_64)
    results.add(tally)
    let lines = try Self.parsed(results.junit)
    #expect(lines.filter { $0 == "skipped [('message', 'not tried')] ''" }.count == 3)
    #expect(lines.first?.contains("('skipped', '3'), ('tests', '4')") == true)
  }
}

@testable import Review
import Testing
import Text

/// To add one: a row of `faults`: a text of a listing, another in its place, and words of the complaint.
@Suite("a listing that is read")
struct ReviewedPolicyTests {
  /// A change to the listing of a network interface, and a word of what is said of it.
  static let faults: [(from: String, to: String, complaint: String)] = [
    ("\"mode\": \"kill\"", "\"mode\": \"whatever\"", "listing.mode: `whatever`, not kill or report"),
    ("\"mode\": \"kill\",", "", "listing: no member `mode`"),
    ("\"mode\": \"kill\"", "\"mode\": \"kill\", \"mode\": \"report\"", "a second member `mode`"),
    ("\"mode\": \"kill\"", "\"mode\": 1", "listing.mode: not a string"),
    ("\"rules\": [", "\"rules\": {}, \"more\": [", "a member `more` that the schema doesn't have"),
    ("\"rules\": [", "\"rule\": [", "a member `rule` that the schema doesn't have"),
    ("\"acknowledged\": [", "\"acknowledged\": [{}, ", "acknowledged[0]: no member `from`"),
    ("\"reason\": \"s", "\"reason\": \" \", \"x\": \"", "acknowledged[0]: a member `x`"),
    ("\"from\": \"", "\"from\": \"0", "acknowledged[0].from: not 64 hexadecimal digits"),
    ("\"version\": 1", "\"version\": 2", "another version"),
    ("\"architecture\": \"x86_64\"", "\"architecture\": \"mips\"", "listing.architecture: `mips`"),
    ("\"type\": \"net\"", "\"type\": \"gpu\"", "devices[0].type: `gpu`"),
    ("\"descriptor\": 4", "\"descriptor\": \"4\"", "devices[0].descriptor: not a number"),
    ("\"sha256\": \"", "\"sha256\": \"x", "program.sha256: not 64 hexadecimal digits"),
    ("\"instructions\": ", "\"instructions\": 1000", "program.instructions: not a number from 1 to 4096"),
    ("\"number\": 16", "\"number\": 999", "rules[0].number: not 16, which is ioctl on x86_64"),
    ("\"syscall\": \"ioctl\"", "\"syscall\": \"fork\"", "rules[0].syscall: `fork`"),
    ("\"line\": ", "\"line\": -", "rules[0].line: not a number from 1"),
    ("\"file\": \"policies", "\"file\": \"elsewhere", "rules[0].file: not in policies/"),
    ("\"name\": \"op\"", "\"name\": \"fd\"", "rules[0].arguments[1].name: `fd`, not op"),
    ("\"condition\": \"equal\"", "\"condition\": \"unequal\"", "rules[0].arguments[0].condition: `unequal`"),
    ("\"value\": \"0x3\"", "\"value\": 3", "rules[0].arguments[0].value: not a string of 0x"),
    ("\"admits\": 1,", "\"admits\": 2,", "rules[0].arguments[0].admits: not 1"),
    ("\"condition\": \"equal\"", "\"condition\": \"masked\"", "rules[0].arguments[0].mask: missing"),
    ("\"condition\": \"equal\"", "\"condition\": \"equal\", \"mask\": \"0x1\"", "arguments[0].mask: of no use"),
    ("\"arguments\": [", "\"arguments\": [], \"why\": [", "rules[0]: a second member `why`"),
  ]

  @Test("names the place of what isn't as the schema says", arguments: faults)
  func faulty(_ fault: (from: String, to: String, complaint: String)) throws {
    let text = try Repository.listing("net.x86_64")
    let range = try #require(text.ranges(of: fault.from).first, "\(fault.from)")
    let changed = text.replacingCharacters(in: range, with: fault.to)
    let complaint = #expect(throws: Complaint.self) {
      try ReviewedPolicy(parsing: Array(changed.utf8), file: "x.json")
    }
    #expect(complaint?.message.hasPrefix("x.json: ") == true, "\(complaint?.message ?? "")")
    #expect(complaint?.message.contains(fault.complaint) == true, "\(complaint?.message ?? "")")
  }

  @Test("is no empty policy where it lacks its rules", arguments: ["", "\"rules\": [],", "\"rules\": {},"])
  func withoutRules(_ rules: String) throws {
    let text = try Repository.listing("net.x86_64")
    let start = try #require(text.ranges(of: "\"rules\"").first).lowerBound
    let changed = "\(text[..<start])\(rules)".dropLast(rules.isEmpty ? 4 : 1) + "}"
    #expect(throws: Complaint.self) { try ReviewedPolicy(parsing: Array(changed.utf8), file: "x.json") }
    _ = try JSONValue(parsing: Array(changed.utf8), file: "still JSON")
  }
}

extension String {
  /// The string with something else in a range's place.
  fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
    self[..<range.lowerBound] + text + self[range.upperBound...]
  }
}

import Receipts
import Review
import Testing
import Text

/// To add one: a row of `shortened`: how many words there are, and what a line has of them.
@Suite("lists on a line")
struct DetailTests {
  private static func numbers(_ count: Int) -> [String] { (0..<count).map { "\($0)" } }

  @Test(
    "a long list is cut, and says how many more there are",
    arguments: [
      (0, ""), (1, "0"), (10, "0 1 2 3 4 5 6 7 8 9"), (11, "0 1 2 3 4 5 6 7 8 9 10"),
      (12, "0 1 2 3 4 5 6 7 8 9 … and 2 more"), (300, "0 1 2 3 4 5 6 7 8 9 … and 290 more"),
    ])
  func shortened(_ row: (count: Int, words: String)) { #expect(Self.numbers(row.count).shortened() == row.words) }

  @Test("a detail has all of it for programs, and for a line what fits")
  func detail() {
    let list = Self.numbers(300)
    let inner: Detail = "open: \(list: list, separator: ", ")"
    let detail: Detail = "\(7) \(inner), \("x")"
    #expect(detail.whole == "7 open: \(list.joined(separator: ", ")), x")
    #expect(detail.line == "7 open: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 … and 290 more, x")
    #expect(Detail("x").whole == Detail("x").line && Detail("").isEmpty && !detail.isEmpty)
  }

  @Test("nor does a policy or a receipt fill a line")
  func others() throws {
    let selection = try #require(Selection(short: "63net@x86_64"))
    let line = try #require(try PolicyListing(selection.launch, selection: nil).table.split(separator: "\n").first)
    #expect(line.hasSuffix(" … and 53 more"), "\(line)")
    let calls = Self.numbers(300).map { "\"\($0)\"" }.joined(separator: ", ")
    let text = """
      {"schema": "brig-receipt", "version": 1, "seccomp": {"system_calls": [\(calls)]}, "steps": [\(
        Self.numbers(300).map { "{\"name\": \"\($0)\", \"state\": \"applied\"}" }.joined(separator: ", "))]}
      """
    let summary = try ReceiptRecord(parsing: Array(text.utf8), path: "r").summary
    #expect(summary.contains("system calls  300: 0 1 2 3 4 5 6 7 8 9 … and 290 more\n"))
    #expect(summary.contains(" 63 … and 236 more\n"), "\(summary)")
  }
}

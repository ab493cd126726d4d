import Foundation
import Host
import Testing

/// To add one: a row of `names`: what stands before the third field of a stat line, and the time that is read.
@Suite("start of a process")
struct StartTimeTests {
  private static let rest = "S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20 21\n"

  @Test(
    "is the 22nd field, whatever the process is called",
    arguments: [
      ("5 (a) ", 4711), ("5 (a) S 1 (b) c) ", 4711), ("5 () ", 4711), ("5 a ", nil), ("", nil),
    ] as [(String, UInt64?)])
  func names(_ head: String, _ time: UInt64?) {
    let line = Array((head + Self.rest).utf8)
    #expect(StartTime.of(line[...]) == time)
  }

  @Test("is no number that doesn't fit, and none of fewer fields")
  func malformed() {
    let fields = "1 (a) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 "
    for (field, time) in [
      ("18446744073709551615", UInt64.max), ("18446744073709551616", nil), ("-1", nil), ("1x", nil), ("", nil),
    ] as [(String, UInt64?)] {
      #expect(StartTime.of(Array((fields + field).utf8)[...]) == time, "\(field)")
    }
  }

  @Test("is what /proc says of this process")
  func own() throws {
    let line = try Data(contentsOf: URL(fileURLWithPath: "/proc/self/stat"))
    let time = try #require(try StartTime.own())
    #expect(time > 0 && StartTime.of(Array(line)[...]) == time)
  }
}

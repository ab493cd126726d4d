import Testing

@testable import Attack

/// To add one: a function that takes a `Progress` through some steps, and what it writes.
@Suite("progress")
struct ProgressTests {
  private static let second: UInt64 = 1_000_000_000

  @Test("in a log is a line for each part, and at most one in ten seconds besides")
  func log() {
    var progress = Progress(total: 400)
    var lines: [String] = []
    // A step every tenth of a second: 300 of the first part, then 100 of the second.
    for step in 0..<400 {
      let now = 7 * Self.second + UInt64(step) * Self.second / 10
      if let line = progress.advance(step < 300 ? "console" : "net", now: now, on: .log) { lines.append(line) }
    }
    #expect(
      lines == [
        "attack: console: begins, 0 of 400 attempts made\n",
        "attack: console: goes on, 101 of 400 attempts made\n",
        "attack: console: goes on, 201 of 400 attempts made\n",
        "attack: net: begins, 300 of 400 attempts made\n",
      ])
  }

  @Test("on a terminal fills all but the last column", arguments: [20, 40, 80, 200])
  func bar(_ width: Int) throws {
    var progress = Progress(total: 3)
    var bars: [String] = []
    for _ in 0..<3 {
      if let bar = progress.advance("net", now: 0, on: .terminal(width: width)) { bars.append(bar) }
    }
    #expect(bars.count == 2)
    for bar in bars {
      #expect(bar.hasPrefix("\r[#") && bar.dropFirst().count == width - 1)
    }
    #expect(bars[0].hasSuffix("] 1/3 net") && bars[0].contains("#.") && bars[1].hasSuffix("#] 3/3 net"))
  }

  @Test("on a terminal too narrow for a bar is what there is room for", arguments: 0...19)
  func narrow(_ width: Int) {
    var progress = Progress(total: 1000)
    let text = progress.advance("block+net, report", now: 0, on: .terminal(width: width))
    #expect(text?.dropFirst().count == max(0, width - 1))
    #expect(text?.contains("[") == false)
  }
}

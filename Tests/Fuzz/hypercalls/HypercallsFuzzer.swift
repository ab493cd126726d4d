import FuzzInput
import Tender

/// Hypercalls as a guest could make them, served by the tender's own code on real memory, disks, network and console.
///
/// `Expectation` says beforehand what comes of each. After each the whole of guest memory, the disks, the console and the
/// wire are compared with that; a call that ends the tender is made in a process of its own.
///
/// To add one: what a call comes to, in `Expectation`; an input, a file NAME.hex in Tests/Fuzz/corpus/hypercalls.
@main
enum HypercallsFuzzer: Fuzzer {
  static func main() {
    unsafe drive {
      HypercallsFuzzer.run(unsafe Input($0, $1)); return 0
    }
  }

  nonisolated(unsafe) private static var stage = Stage()
  nonisolated(unsafe) private static var model = Model(unsafe stage)
  /// How often a call has ended the tender, by number; only some of the many are made.
  nonisolated(unsafe) private static var ends = [Int](repeating: 0, count: 16)

  static func run(_ input: Input) {
    unsafe stage.remember(input.bytes)
    var script = Script(input)
    unsafe model.begin(&stage)
    while let step = script.next() {
      switch step {
      case .frame(let count, let filler): unsafe model.deliver(count, filler, &stage)
      case .call(let call):
        let placed = unsafe model.place(call, &stage)
        let expected = Expectation(placed)
        switch expected.outcome {
        case .ends(let words): return end(by: placed, status: 1, words)
        case .halts(let status): return end(by: placed, status: Int32(status), "")
        default: unsafe model.check(placed, expected, &stage)
        }
      }
    }
  }

  private static func end(by call: Script.Call, status: Int32, _ words: String) {
    unsafe ends[Int(call.number) & 15] += 1
    let count = unsafe ends[Int(call.number) & 15]
    guard count < 20 || count % 256 == 0 else { return }
    let (got, line) = unsafe stage.end(by: call)
    let text = String(decoding: line, as: UTF8.self)
    require(got == status << 8, "status \(got), \(status << 8) expected of \(call): \(text)")
    require(text.hasPrefix(words.isEmpty ? "" : "brig-hvt: " + words), "said <\(text)>, not <\(words)>")
    require(words.isEmpty == text.isEmpty, "said <\(text)>, not <\(words)>")
    require(text.isEmpty || text.hasSuffix("\n"), "no whole line: <\(text)>")
  }
}

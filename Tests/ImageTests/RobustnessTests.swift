import ABI
import Image
import Testing

/// To add one: a function that damages `whole` in another way: any message is right that begins with the file's name.
@Suite("damaged files")
struct RobustnessTests {
  static let whole = Executable(parts: [
    .note(openBSDNote), .note(abiNote()), .note(manifestNote(manifest([.reserved, .block("disk"), .net("net")]))),
    .load(0x10_0000, 30, flags: 1), .load(0x10_1000, 20), .load(0x10_2000, 10, flags: 6, memorySize: 0x1800),
  ]).bytes

  @Test("a file cut short anywhere is refused with a message")
  func truncation() {
    for count in Self.whole.indices {
      let message = refusal(Array(Self.whole.prefix(count)))
      #expect(message?.hasPrefix("hello.hvt: ") == true, "cut to \(count) bytes")
    }
    #expect(refusal(Self.whole) == nil)
  }

  @Test("a file with any one byte changed is accepted or refused with a message", arguments: [1, 0x7f, 0x80, 0xff])
  func corruption(_ change: UInt8) {
    for offset in Self.whole.indices {
      var bytes = Self.whole
      bytes[offset] ^= change
      let message = refusal(bytes) ?? "hello.hvt: accepted"
      #expect(message.hasPrefix("hello.hvt: "), "byte \(offset)")
    }
  }

  @Test("a segment of a damaged file that is accepted still lies within file and memory")
  func bounds() throws {
    for offset in Self.whole.indices {
      for change: UInt8 in [1, 0x10, 0x80, 0xff] {
        var bytes = Self.whole
        bytes[offset] ^= change
        guard let layout = try? parse(bytes).layout(memorySize: memorySize) else { continue }
        var end: UInt64 = 0x10_0000
        for segment in layout.segments {
          #expect(segment.file.upperBound <= bytes.count)
          #expect(UInt64(segment.file.count) <= segment.memory.upperBound.rawValue - segment.memory.lowerBound.rawValue)
          #expect(segment.pages.lowerBound.rawValue >= end)
          #expect(segment.pages.lowerBound <= segment.memory.lowerBound)
          #expect(segment.memory.upperBound <= segment.pages.upperBound)
          end = segment.pages.upperBound.rawValue
        }
        #expect(end <= memorySize)
      }
    }
  }

  @Test("files of random table entries are accepted or refused with a message")
  func randomTables() {
    var generator = SplitMix(state: 1)
    let interesting: [UInt64] = [
      0, 1, 7, 8, 12, 20, 36, 0xfff, 0x1000, 0xf_ffff, 0x10_0000, 0x10_0fff, 0x1f_ffff, 0x20_0000, 1 << 31, 1 << 32,
      1 << 62, 1 << 63, .max - 0xfff, .max - 1, .max,
    ]
    for _ in 0..<20_000 {
      var bytes = Self.whole
      for _ in 0..<3 {
        let field = 64 + 8 * Int.random(in: 0..<42, using: &generator)
        let value = interesting[Int.random(in: interesting.indices, using: &generator)]
        bytes.replaceSubrange(field..<field + 8, with: little(value))
      }
      let message = refusal(bytes) ?? "hello.hvt: accepted"
      #expect(message.hasPrefix("hello.hvt: "))
    }
  }
}

/// A random number generator that gives the same numbers in every run.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

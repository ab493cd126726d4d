import Machine
import Testing

/// To add one: a `Row` in `rows`: a leaf, and the bits that the guest still sees of each register.
@Suite("CPUID as the guest sees it")
struct CPUIDTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var function: UInt32
    var index: UInt32 = 0
    var eax: UInt32 = .max
    var ebx: UInt32 = .max
    var ecx: UInt32 = .max
    var edx: UInt32 = .max

    static func hidden(_ function: UInt32, _ index: UInt32 = 0) -> Row {
      Row(function: function, index: index, eax: 0, ebx: 0, ecx: 0, edx: 0)
    }

    var testDescription: String { "0x\(String(function, radix: 16)).\(index)" }
  }

  /// What is left of a leaf whose bits are all set.
  static let rows: [Row] = [
    Row(function: 0), Row(function: 2),
    Row(function: 1, ebx: ~(0xff << 24), ecx: ~(1 << 5 | 1 << 15 | 1 << 2), edx: ~(1 << 21)),
    Row(function: 7, ebx: ~(1 << 2 | 1 << 25), ecx: ~(1 << 30), edx: ~(1 << 19)),
    Row(function: 7, index: 1), Row(function: 0xd), .hidden(0xb), .hidden(0xb, 1), .hidden(0x1f, 1),
    .hidden(0xa), .hidden(0x12), .hidden(0x12, 2), .hidden(0x14), .hidden(0x1c), .hidden(0x23),
    Row(function: 0x4000_0000), .hidden(0x4000_0001), .hidden(0x4000_0010), .hidden(0x4000_0100),
    .hidden(0x4fff_ffff), Row(function: 0x3fff_ffff), Row(function: 0x5000_0000),
    Row(function: 0x8000_0000),
    Row(function: 0x8000_0001, ecx: ~(1 << 2 | 1 << 10 | 1 << 23 | 1 << 24 | 1 << 27 | 1 << 28)),
    .hidden(0x8000_000a), .hidden(0x8000_001b),
    .hidden(0x8000_001e), .hidden(0x8000_001f), .hidden(0x8000_0026), .hidden(0x8000_0022), Row(function: 0x8000_0008),
  ]

  @Test("each leaf loses what it should and nothing else", arguments: rows)
  func narrows(_ row: Row) {
    var leaves = [
      CPUIDLeaf(function: row.function, index: row.index, flags: 1, eax: .max, ebx: .max, ecx: .max, edx: .max)
    ]
    CPUID.narrow(&leaves)
    #expect(
      leaves == [
        CPUIDLeaf(
          function: row.function, index: row.index, flags: 1, eax: row.eax, ebx: row.ebx, ecx: row.ecx, edx: row.edx)
      ])
  }

  @Test("order and number of the leaves stay")
  func order() {
    var leaves = Self.rows.map { CPUIDLeaf(function: $0.function, index: $0.index) }
    CPUID.narrow(&leaves)
    #expect(leaves.map(\.function) == Self.rows.map(\.function))
    #expect(leaves.map(\.index) == Self.rows.map(\.index))
  }
}

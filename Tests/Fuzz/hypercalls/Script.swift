import FuzzInput

/// What a run does, one step after the other, as its bytes say.
struct Script {
  /// A hypercall: its number, where its structure is, and the structure's bytes.
  struct Call {
    let number: UInt64
    let address: UInt64
    let structure: [UInt8]
  }

  enum Step {
    case call(Call)
    /// A frame of so many bytes arrives.
    case frame(count: Int, filler: UInt8)
  }

  private var input: Input
  private var stepsLeft = 16

  init(_ input: Input) { self.input = input }

  /// The next step, nil at the end.
  mutating func next() -> Step? {
    guard !input.isAtEnd, stepsLeft > 0 else { return nil }
    stepsLeft -= 1
    let kind = input.byte()
    if kind & 0x1f == 0x1f { return .frame(count: Int(input.number(UInt16.self)), filler: input.byte()) }
    // 0 to 15, most of them hypercalls; the address is what 32 bits of a register hold.
    let number = kind & 0x80 == 0 ? 1 + UInt64(kind & 7) : UInt64(kind & 15)
    let address = UInt64(UInt32(truncatingIfNeeded: place()))
    var structure: [UInt8] = []
    for _ in 0..<5 { structure += word().littleEndianBytes }
    return .call(Call(number: number, address: address, structure: structure))
  }

  /// A number in a structure: a handle, a length or a place.
  private mutating func word() -> UInt64 {
    switch input.byte() {
    case 0x00...0x5f: UInt64(input.byte())
    case 0x60...0x8f: UInt64(input.byte()) << 9
    case 0x90...0xbf: place()
    case 0xc0...0xcf: 0 &- UInt64(input.byte())
    default: input.number(UInt64.self)
    }
  }

  /// An address, mostly near an edge.
  private mutating func place() -> UInt64 {
    let edges: [UInt64] = [
      0, 0x3000, Stage.memorySize, Stage.firstReadOnly.lowerBound, Stage.firstReadOnly.upperBound,
      Stage.secondReadOnly.lowerBound, Stage.secondReadOnly.upperBound,
      Stage.inaccessible.upperBound, 0x8000, 1 << 32, 1 << 63,
    ]
    let kind = input.byte()
    if kind >= 0xe0 { return input.number(UInt64.self) }
    let edge = edges[Int(kind) % edges.count]
    return edge &+ UInt64(bitPattern: Int64(Int8(bitPattern: input.byte()))) &* (kind & 0x40 == 0 ? 1 : 16)
  }
}

extension UInt64 {
  var littleEndianBytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: self >> (8 * $0)) } }

  /// The number at a place of an array.
  init(_ bytes: [UInt8], at offset: Int) {
    self = (0..<8).reduce(0) { $0 | UInt64(bytes[offset + $1]) << (8 * UInt64($1)) }
  }
}

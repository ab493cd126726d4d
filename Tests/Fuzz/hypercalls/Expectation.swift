/// What the ABI says of one hypercall, written from its description and with nothing of the tender's.
///
/// Memory is the numbers below `Stage.memorySize`, and every sum is made in more bits than it needs.
struct Expectation {
  enum Outcome {
    /// The tender ends with status 1 and a line of these words.
    case ends(String)
    /// The tender ends with this status and without a word.
    case halts(UInt8)
    case says(Range<Int>)
    case time
    case polls
    case answers(Int32)
    case writesDisk(memory: Range<Int>, disk: Int)
    case readsDisk(memory: Range<Int>, disk: Int, which: Int)
    case sends(Range<Int>)
    case receives(Range<Int>)
  }

  let outcome: Outcome
  /// Where the result code goes, if the call has one.
  var result: Int? = nil

  private static let sizes: [UInt64: Int] = [1: 8, 2: 16, 3: 24, 4: 40, 5: 40, 6: 32, 7: 32, 8: 16]

  init(_ call: Script.Call) {
    guard let size = Self.sizes[call.number] else {
      outcome = .ends("Invalid guest hypercall: num=\(call.number)")
      return
    }
    guard let place = Self.range(call.address, UInt64(size)) else {
      outcome = .ends(Self.outside(call.address, UInt64(size)))
      return
    }
    // What has an answer needs a place to write it; texts and the end have none.
    guard call.number == 2 || call.number == 8 || !Self.isReadOnly(place) else {
      outcome = .ends("KVM: host/guest translation fault: ")
      return
    }
    let word = { (index: Int) in UInt64(call.structure, at: index * 8) }
    switch call.number {
    case 1: outcome = .time
    case 2:
      outcome = Self.range(word(0), word(1)).map { .says($0) } ?? .ends(Self.outside(word(0), word(1)))
    case 3: outcome = .polls
    case 4, 5: outcome = Self.disk(writes: call.number == 4, word(0), word(1), word(2), word(3))
    case 6, 7: outcome = Self.network(sends: call.number == 6, word(0), word(1), word(2))
    default:
      let isGood = word(0) == 0 || Self.range(word(0), 512) != nil
      outcome = isGood ? .halts(call.structure[8]) : .ends(Self.outside(word(0), 512))
    }
    result = [3: 16, 4: 32, 5: 32, 6: 24, 7: 24][call.number].map { place.lowerBound + $0 }
  }

  private static func disk(
    writes: Bool, _ handle: UInt64, _ offset: UInt64, _ data: UInt64, _ length: UInt64
  ) -> Outcome {
    guard handle == 1 || (handle == 2 && !writes), offset < UInt64(Stage.capacity),
      UInt128(offset) + UInt128(length) <= UInt128(Stage.capacity)
    else { return .answers(2) }
    guard let memory = range(data, length) else { return .ends(outside(data, length)) }
    if writes { return .writesDisk(memory: memory, disk: Int(offset)) }
    guard !isReadOnly(memory) else { return .ends("KVM: host/guest translation fault: ") }
    return .readsDisk(memory: memory, disk: Int(offset), which: Int(handle) - 1)
  }

  private static func network(sends: Bool, _ handle: UInt64, _ data: UInt64, _ length: UInt64) -> Outcome {
    if handle == 4 { return .answers(3) }
    guard handle == 3 else { return .answers(2) }
    guard let memory = range(data, length) else { return .ends(outside(data, length)) }
    // Nothing is no frame, and has no room for one.
    if sends { return length == 0 || length > Stage.longestFrame ? .answers(2) : .sends(memory) }
    guard !isReadOnly(memory) else { return .ends("KVM: host/guest translation fault: ") }
    return length == 0 ? .answers(1) : .receives(memory)
  }

  /// The bytes from an address on, nil unless all of them are in memory.
  static func range(_ address: UInt64, _ count: UInt64) -> Range<Int>? {
    guard UInt128(address) + UInt128(count) <= UInt128(Stage.memorySize) else { return nil }
    return Int(address)..<Int(address + count)
  }

  /// Whether one of the bytes is in a read-only segment.
  private static func isReadOnly(_ range: Range<Int>) -> Bool {
    [Stage.firstReadOnly, Stage.secondReadOnly].contains { segment in
      range.overlaps(Int(segment.lowerBound)..<Int(segment.upperBound))
    }
  }

  private static func outside(_ address: UInt64, _ count: UInt64) -> String {
    "Invalid guest access: gpa=0x\(String(address, radix: 16)), sz=\(count)\n"
  }
}

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
    guard Self.isReadable(place), call.number == 2 || call.number == 8 || Self.isWritable(place) else {
      outcome = Self.fault
      return
    }
    let word = { (index: Int) in UInt64(call.structure, at: index * 8) }
    switch call.number {
    case 1: outcome = .time
    case 2: outcome = Self.given(word(0), word(1)) { .says($0) }
    case 3: outcome = .polls
    case 4, 5: outcome = Self.disk(writes: call.number == 4, word(0), word(1), word(2), word(3))
    case 6, 7: outcome = Self.network(sends: call.number == 6, word(0), word(1), word(2))
    default:
      let end = Outcome.halts(call.structure[8])
      outcome = word(0) == 0 ? end : Self.given(word(0), 512) { _ in end }
    }
    result = [3: 16, 4: 32, 5: 32, 6: 24, 7: 24][call.number].map { place.lowerBound + $0 }
  }

  private static func disk(
    writes: Bool, _ handle: UInt64, _ offset: UInt64, _ data: UInt64, _ length: UInt64
  ) -> Outcome {
    guard handle == 1 || (handle == 2 && !writes), offset < UInt64(Stage.capacity),
      UInt128(offset) + UInt128(length) <= UInt128(Stage.capacity)
    else { return .answers(2) }
    return given(data, length) { memory in
      if writes { return .writesDisk(memory: memory, disk: Int(offset)) }
      return isWritable(memory) ? .readsDisk(memory: memory, disk: Int(offset), which: Int(handle) - 1) : fault
    }
  }

  private static func network(sends: Bool, _ handle: UInt64, _ data: UInt64, _ length: UInt64) -> Outcome {
    if handle == 4 { return .answers(3) }
    guard handle == 3 else { return .answers(2) }
    return given(data, length) { memory in
      // Nothing is no frame, and has no room for one.
      if sends { return length == 0 || length > Stage.longestFrame ? .answers(2) : .sends(memory) }
      guard isWritable(memory) else { return fault }
      return length == 0 ? .answers(1) : .receives(memory)
    }
  }

  private static var fault: Outcome { .ends("KVM: host/guest translation fault: ") }

  /// What comes of a buffer: it must be in memory, and readable.
  private static func given(_ address: UInt64, _ count: UInt64, _ outcome: (Range<Int>) -> Outcome) -> Outcome {
    guard let memory = range(address, count) else { return .ends(outside(address, count)) }
    return isReadable(memory) ? outcome(memory) : fault
  }

  /// The bytes from an address on, nil unless all of them are in memory.
  static func range(_ address: UInt64, _ count: UInt64) -> Range<Int>? {
    guard UInt128(address) + UInt128(count) <= UInt128(Stage.memorySize) else { return nil }
    return Int(address)..<Int(address + count)
  }

  /// Whether none of the bytes is in the segment that can't be touched.
  private static func isReadable(_ range: Range<Int>) -> Bool { !touches(range, Stage.inaccessible) }

  /// Whether none of the bytes is in a segment that can't be written.
  private static func isWritable(_ range: Range<Int>) -> Bool {
    ![Stage.firstReadOnly, Stage.secondReadOnly, Stage.inaccessible].contains { touches(range, $0) }
  }

  private static func touches(_ range: Range<Int>, _ segment: Range<UInt64>) -> Bool {
    range.overlaps(Int(segment.lowerBound)..<Int(segment.upperBound))
  }

  private static func outside(_ address: UInt64, _ count: UInt64) -> String {
    "Invalid guest access: gpa=0x\(String(address, radix: 16)), sz=\(count)\n"
  }
}

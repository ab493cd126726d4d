import FuzzInput

/// What memory, disks and wire should hold.
struct Model {
  private var memory: [UInt8]
  private let fresh: [UInt8]
  private var disks: [[UInt8]]
  /// Frames on their way to the guest.
  private var frames: [[UInt8]] = []
  private var changed: [Range<Int>] = []
  private var changedDisk = 0..<0

  init(_ stage: borrowing Stage) {
    memory = stage.read()
    fresh = memory
    disks = [stage.content(ofDisk: 0), stage.content(ofDisk: 1)]
  }

  /// Puts everything back to where the first run found it.
  mutating func begin(_ stage: inout Stage) {
    for range in changed { put(Array(fresh[range]), at: range.lowerBound, stage) }
    changed = []
    stage.clearDisks(changedDisk)
    disks[0].replaceSubrange(changedDisk, with: repeatElement(0, count: changedDisk.count))
    changedDisk = 0..<0
    // What is left on the wire: the guest takes it off.
    while !frames.isEmpty { receive(stage: &stage) }
    _ = stage.takeConsole()
    _ = stage.takeFrames()
  }

  private mutating func put(_ bytes: [UInt8], at place: Int, _ stage: borrowing Stage) {
    stage.write(bytes, at: place)
    memory.replaceSubrange(place..<place + bytes.count, with: bytes)
  }

  private mutating func expect(_ bytes: [UInt8], at place: Int) {
    memory.replaceSubrange(place..<place + bytes.count, with: bytes)
    changed.append(place..<place + bytes.count)
  }

  private mutating func receive(stage: inout Stage) {
    let address = 0x9000
    changed.append(address..<address + 40)
    changed.append(0xa000..<0xa000 + 70000)
    let words: [UInt64] = [3, 0xa000, 70000, 0]
    put(words.flatMap(\.littleEndianBytes), at: address, stage)
    stage.serve(Script.Call(number: 7, address: UInt64(address), structure: []))
    memory = stage.read()
    for range in changed { put(Array(fresh[range]), at: range.lowerBound, stage) }
    changed = []
    frames.removeFirst()
  }

  /// A frame arrives, unless two wait already.
  mutating func deliver(_ count: Int, _ filler: UInt8, _ stage: inout Stage) {
    guard frames.count < 2, count > 0 else { return }
    let frame = (0..<count).map { UInt8(truncatingIfNeeded: $0) ^ filler }
    if stage.send(frame) { frames.append(frame) }
  }

  /// Writes a call's structure to where the guest would, if it could, and returns the call as the tender will find it.
  mutating func place(_ call: Script.Call, _ stage: inout Stage) -> Script.Call {
    var bytes = call.structure
    // Nothing may wait for years: only what is ready at once is waited for as long as the guest says.
    if call.number == 3, frames.isEmpty {
      bytes.replaceSubrange(0..<8, with: (UInt64(bytes, at: 0) % 1000).littleEndianBytes)
    }
    let start = Int(min(call.address, Stage.memorySize))
    let end = min(start + 40, Int(Stage.memorySize))
    for part in Stage.writableParts(of: start..<end) {
      put(Array(bytes[(part.lowerBound - start)..<(part.upperBound - start)]), at: part.lowerBound, stage)
      changed.append(part)
    }
    let found = Array(memory[start..<end])
    return Script.Call(
      number: call.number, address: call.address, structure: found + repeatElement(0, count: 40 - found.count))
  }

  /// Makes a call that comes back, and compares everything with what it should be.
  mutating func check(_ call: Script.Call, _ expected: Expectation, _ stage: inout Stage) {
    let address = Int(call.address)
    stage.serve(call)
    var console: [UInt8] = []
    var sent: [[UInt8]] = []
    switch expected.outcome {
    case .ends, .halts: find("it should have ended")
    case .says(let range): console = Array(memory[range])
    case .time:
      let time = UInt64(stage.read(address..<address + 8), at: 0)
      require(time > 1_500_000_000_000_000_000 && time < 1 << 62, "the time is \(time)")
      expect(time.littleEndianBytes, at: address)
    case .polls:
      let ready = !frames.isEmpty
      expect((ready ? 1 << 3 : 0 as UInt64).littleEndianBytes, at: address + 8)
      answer(ready ? 1 : 0, expected)
    case .answers(let code): answer(code, expected)
    case .writesDisk(let range, let offset):
      disks[0].replaceSubrange(offset..<offset + range.count, with: memory[range])
      note(offset..<offset + range.count)
      answer(0, expected)
    case .readsDisk(let range, let offset, let which):
      expect(Array(disks[which][offset..<offset + range.count]), at: range.lowerBound)
      answer(0, expected)
    case .sends(let range):
      sent = [Array(memory[range])]
      answer(0, expected)
    case .receives(let range): receive(range, address, expected)
    }
    compare(call, console, sent, stage)
  }

  /// The frame, cut to the room there is; where there is no room it is lost.
  private mutating func receive(_ range: Range<Int>, _ address: Int, _ expected: Expectation) {
    let room = min(range.count, Int(Stage.longestFrame))
    guard let frame = frames.first else { return answer(1, expected) }
    frames.removeFirst()
    guard room > 0 else { return answer(1, expected) }
    let taken = Array(frame.prefix(room))
    expect(taken, at: range.lowerBound)
    expect(UInt64(taken.count).littleEndianBytes, at: address + 16)
    answer(0, expected)
  }

  private mutating func answer(_ code: Int32, _ expected: Expectation) {
    guard let place = expected.result else { find("a call without a result has one") }
    expect(Array(UInt64(UInt32(bitPattern: code)).littleEndianBytes.prefix(4)), at: place)
  }

  private mutating func note(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    changedDisk =
      changedDisk.isEmpty
      ? range : min(changedDisk.lowerBound, range.lowerBound)..<max(changedDisk.upperBound, range.upperBound)
  }

  private func compare(_ call: Script.Call, _ console: [UInt8], _ sent: [[UInt8]], _ stage: borrowing Stage) {
    if !stage.isSame(as: memory) {
      let real = stage.read()
      let place = memory.indices.first { memory[$0] != real[$0] } ?? 0
      find("memory at \(String(place, radix: 16)) is \(real[place]), not \(memory[place]), after \(call)")
    }
    require(stage.takeConsole() == console, "the console after \(call)")
    require(stage.takeFrames() == sent, "the wire after \(call)")
    guard call.number == 4 || call.number == 5 else { return }
    for which in 0..<2 { require(stage.content(ofDisk: which) == disks[which], "disk \(which + 1) after \(call)") }
  }
}

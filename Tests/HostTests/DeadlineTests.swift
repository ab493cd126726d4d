import CLinux
import Host
import Testing

/// To add one: a function that makes a `FixedBlock` of its own, and says how long the wait must be at least.
@Suite("deadlines", .serialized)
struct DeadlineTests {
  /// The time-out of the last `ppoll`, in nanoseconds.
  private func lastPiece(_ block: FixedBlock) -> Int {
    // SAFETY: the block has a `timespec` there.
    let time = unsafe UnsafePointer<timespec>(bitPattern: UInt(block.places[.timeout])).unsafelyUnwrapped.pointee
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }

  private func now() -> UInt64 {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  @Test("a wait is never short", arguments: [1, 1_000_000, 100_000_000, 100_000_001, 250_000_000] as [UInt64])
  func length(_ nanoseconds: UInt64) throws {
    let block = try FixedBlock(program: [])
    block.endWaitsAtStops()
    let start = now()
    #expect(block.wait(devices: 0, nanoseconds: nanoseconds) == 0)
    #expect(now() - start >= nanoseconds)
  }

  // The kernel may be late by a part of a wait, so the last one has to be short.
  @Test("the last piece of a wait is a tenth of a second at most")
  func pieces() throws {
    // Or the kernel overwrites what the block holds.
    let domain = try Kernel.call(.personality, 0xffff_ffff)
    try Kernel.call(.personality, domain | Int(CLINUX_STICKY_TIMEOUTS))
    let block = try FixedBlock(program: [])
    block.endWaitsAtStops()
    #expect(block.wait(devices: 0, nanoseconds: 80_000_000) == 0)
    #expect(lastPiece(block) == 80_000_000)
    #expect(block.wait(devices: 0, nanoseconds: 400_000_000) == 0)
    // On a busy machine the first one may have ended at any time.
    #expect(lastPiece(block) <= 100_000_000)
  }

  @Test("without a time to wait no clock is read")
  func none() throws {
    let block = try FixedBlock(program: [])
    #expect(block.wait(devices: 0, nanoseconds: 0) == 0)
    // SAFETY: the block has a `timespec` there.
    let time = unsafe UnsafePointer<timespec>(bitPattern: UInt(block.places[.time])).unsafelyUnwrapped.pointee
    #expect(time.tv_sec == 0 && time.tv_nsec == 0 && lastPiece(block) == 0)
  }

  @Test("a moment beyond the clock's end is its end", arguments: [.max, .max - 1, 1 << 63] as [UInt64])
  func saturates(_ nanoseconds: UInt64) throws {
    let block = try FixedBlock(program: [])
    #expect(!Deadline(nanoseconds: nanoseconds, block).hasPassed(block))
  }

  @Test("what takes text is ready at once, what doesn't at the deadline")
  func output() throws {
    let block = try FixedBlock(program: [])
    var ends: [Int32] = [0, 0]
    // SAFETY: the kernel writes the two descriptors.
    try #require(unsafe pipe(&ends) == 0)
    let reading = Descriptor(owning: ends[0])
    let writing = Descriptor(owning: ends[1])
    #expect(block.awaitOutput(writing.raw, until: Deadline(nanoseconds: 10_000_000_000, block)) == 1)
    let deadline = Deadline(nanoseconds: 20_000_000, block)
    #expect(block.awaitOutput(reading.raw, until: deadline) == 0 && deadline.hasPassed(block))
    #expect(!block.hasEnded(writing.raw) && !block.hasEnded(reading.raw))
  }

  @Test("a socket has ended when the other end is closed, or sends no more", arguments: [SHUT_WR, SHUT_RDWR, nil])
  func ends(how: Int?) throws {
    let block = try FixedBlock(program: [])
    var ends: [Int32] = [0, 0]
    // SAFETY: the kernel writes the two descriptors.
    try #require(unsafe socketpair(AF_UNIX, CLINUX_SOCK_SEQPACKET, 0, &ends) == 0)
    let own = Descriptor(owning: ends[0])
    do {
      let other = Descriptor(owning: ends[1])
      #expect(!block.hasEnded(own.raw))
      if let how { shutdown(other.raw, Int32(how)) }
      #expect(block.hasEnded(own.raw) == (how != nil))
    }
    #expect(block.hasEnded(own.raw))
  }
}

import CLinux
import Host
import Testing

/// To add one: a function that looks at the block by `bytes` at one of its `places`; of a line, in `DiagnosticTests`.
@Suite("the fixed block")
struct FixedBlockTests {
  private func bytes(_ address: UInt, _ count: Int) -> [UInt8] {
    // SAFETY: the tests ask for places in a block, which stays mapped.
    unsafe Array(UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: count))
  }

  @Test("every field lies in the page, aligned, and none overlaps another")
  func layout() throws {
    let block = try FixedBlock(program: Array(repeating: 97, count: 1000))
    #expect(block.start % 4096 == 0 && block.count >= 4096)
    let places = block.places
    let fields: [(start: UInt64, count: Int)] = [
      (places[.polled], 8 * Bounds.polled), (places[.timeout], 16),
      (places[.time], 16), (places[.register], 24), (places[.message], Bounds.message),
    ].sorted { $0.0 < $1.0 }
    for (field, next) in zip(fields, fields.dropFirst()) { #expect(field.start + UInt64(field.count) <= next.start) }
    #expect(fields[0].start >= places.start)
    #expect(fields[4].start + UInt64(fields[4].count) <= places.start + UInt64(block.count))
    #expect(fields.allSatisfy { $0.start % 8 == 0 })
  }

  @Test("the last of the fields is written without touching what is beside it")
  func edges() throws {
    let block = try FixedBlock(program: [97])
    block.setTimeout(nanoseconds: 0x1234)
    block.watch(Bounds.devices - 1, descriptor: .max)
    #expect(bytes(UInt(block.places[.polled]) + 63 * 8, 8) == [0xff, 0xff, 0xff, 0x7f, 0x01, 0x20, 0, 0])
    #expect(bytes(UInt(block.places[.timeout]), 16) == Array(repeating: 0, count: 8) + [0x34, 0x12, 0, 0, 0, 0, 0, 0])
    let last = Bounds.devices - 1
    #expect(!block.isReady(last) && !block.mayEnd(last))
  }

  @Test(
    "a time-out is whole seconds and the rest",
    arguments: [
      (0, 0, 0), (999_999_999, 0, 999_999_999), (1_000_000_000, 1, 0), (.max, 18_446_744_073, 709_551_615),
    ] as [(UInt64, Int, Int)])
  func timeouts(_ nanoseconds: UInt64, _ seconds: Int, _ rest: Int) throws {
    let block = try FixedBlock(program: [])
    block.setTimeout(nanoseconds: nanoseconds)
    // SAFETY: the block has a `timespec` there.
    let time = unsafe UnsafePointer<timespec>(bitPattern: UInt(block.places[.timeout])).unsafelyUnwrapped.pointee
    #expect(time.tv_sec == seconds && time.tv_nsec == rest)
  }

  @Test("a clock's answer is nanoseconds, and left in the block")
  func time() throws {
    let block = try FixedBlock(program: [])
    let before = try #require(block.read(CLOCK_MONOTONIC))
    let after = try #require(block.read(CLOCK_MONOTONIC))
    // SAFETY: the block has a `timespec` there.
    let left = unsafe UnsafePointer<timespec>(bitPattern: UInt(block.places[.time])).unsafelyUnwrapped.pointee
    #expect(before <= after && after == UInt64(left.tv_sec) * 1_000_000_000 + UInt64(left.tv_nsec))
    #expect(block.read(-1) == nil)
  }

  @Test("a register's request names the register and a place in the block")
  func register() throws {
    let block = try FixedBlock(program: [])
    block.askRegister(0x6030_0000_0010_0040)
    // SAFETY: the block has three words there.
    let words = unsafe UnsafeMutablePointer<UInt64>(bitPattern: UInt(block.places[.register])).unsafelyUnwrapped
    #expect(unsafe words[0] == 0x6030_0000_0010_0040 && words[1] == block.places[.register] + 16)
    unsafe words[2] = 77
    #expect(block.registerValue == 77)
  }

  @Test("an entry beyond the last is a programming error")
  func traps() async {
    await #expect(processExitsWith: .failure) {
      try FixedBlock(program: []).watch(Bounds.devices, descriptor: 0)
    }
  }
}

@Suite("diagnostics")
struct DiagnosticTests {
  @Test("a line starts with the program's name, and numbers and errors are in words")
  func formats() async throws {
    let result = try #require(
      await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
        var line = Diagnostic(try FixedBlock(program: Array("solo5-hvt".utf8)))
        line.append(decimal: Int64.min)
        line.append(" ")
        line.append(decimal: UInt64.max)
        line.append(" ")
        line.append(decimal: Int64(0))
        line.append(" ")
        line.append(hexadecimal: 0)
        line.append(" ")
        line.append(hexadecimal: .max)
        line.append(" ")
        line.append(errorNumber: ENOSPC)
        line.append(" ")
        line.append(errorNumber: 9999)
        line.end()
      })
    #expect(
      String(decoding: result.standardErrorContent, as: UTF8.self).hasSuffix(
        "solo5-hvt: -9223372036854775808 18446744073709551615 0 0x0 0xffffffffffffffff "
          + "No space left on device Unknown error 9999\n"))
  }

  @Test("a longer line than the block holds is cut, and ends as a line")
  func cuts() async throws {
    let result = try #require(
      await #expect(processExitsWith: .exitCode(7), observing: [\.standardErrorContent]) {
        let block = try FixedBlock(program: Array(repeating: UInt8(ascii: "p"), count: 300))
        var line = Diagnostic(block)
        for _ in 0..<2000 { line.append("x") }
        line.end(status: 7)
      })
    let bytes = result.standardErrorContent.suffix(Bounds.message)
    #expect(
      Array(bytes) == Array(repeating: 112, count: 255) + [58, 32]
        + Array(repeating: 120, count: Bounds.message - 258) + [10])
  }

  @Test("lines for which there is no room cost one second together, and the next one for which there is comes out")
  func waitsOnce() async throws {
    await #expect(processExitsWith: .success) {
      var ends: [Int32] = [0, 0]
      let full = [UInt8](repeating: 120, count: 1 << 20)
      // SAFETY: the kernel writes the two descriptors, and reads the bytes.
      guard unsafe pipe(&ends) == 0, dup2(ends[1], 2) == 2,
        Kernel.raw(.fcntl, 2, Int(F_SETFL), Int(O_NONBLOCK)) == 0,
        case let count = unsafe write(2, full, full.count), count > 0
      else { exit(1) }
      let block = try FixedBlock(program: [97])
      let start = block.read(CLOCK_MONOTONIC) ?? 0
      for _ in 0..<4 {
        var line = Diagnostic(block)
        line.append("lost")
        line.write()
      }
      let took = (block.read(CLOCK_MONOTONIC) ?? 0) - start
      guard took > 900_000_000, took < 2_900_000_000 else { exit(2) }
      var room = [UInt8](repeating: 0, count: count)
      // SAFETY: the kernel writes as many bytes as there are.
      guard unsafe read(ends[0], &room, room.count) == count else { exit(3) }
      var line = Diagnostic(block)
      line.append("said")
      line.write()
      let said = unsafe read(ends[0], &room, room.count)
      guard Array(room.prefix(max(said, 0))) == Array("a: said\n".utf8) else { exit(4) }
    }
  }

  @Test("a bare line has no name before it, and a status is cut to eight bits")
  func bare() async throws {
    let result = try #require(
      await #expect(processExitsWith: .exitCode(7), observing: [\.standardErrorContent]) {
        var line = Diagnostic(bare: try FixedBlock(program: [97]))
        line.append("only this")
        line.write()
        Host.Process.exit(263)
      })
    #expect(String(decoding: result.standardErrorContent, as: UTF8.self).hasSuffix("only this\n"))
  }
}

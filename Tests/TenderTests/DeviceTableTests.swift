import ABI
import CLinux
import Host
import Testing

@testable import Tender

/// To add one: a function that attaches devices to a `DeviceTable`, and sets what `ppoll` says of them by `set`.
@Suite("the table of devices")
struct DeviceTableTests {
  private func isNone(_ slot: DeviceTable.Slot) -> Bool {
    if case .none = slot { return true }
    return false
  }

  @Test("all 64 bits of a handle count")
  func handles() {
    var table = DeviceTable()
    table.attach(.disk(5, capacity: 512, writable: true), at: 1)
    table.attach(.tap(6, frame: 65536), at: 63)
    guard case .disk(5, 512, true) = table[1], case .tap(6, 65536) = table[63] else {
      Issue.record("not what was attached")
      return
    }
    for handle in [0, 2, 62, 64, 65, 127, 0x1_0000_0001, 0x1_0000_003f, 1 << 63 | 1, .max] as [UInt64] {
      #expect(isNone(table[handle]), "handle \(handle)")
    }
    #expect(table.hasDisk && table.hasTap && table.polledCount == 1)
  }

  @Test("nothing is there before something is attached")
  func empty() {
    let table = DeviceTable()
    #expect(!table.hasDisk && !table.hasTap && table.polledCount == 0 && isNone(table[1]))
  }

  /// Sets what `ppoll` would have returned for a device.
  fileprivate func set(_ events: Int32, _ index: Int, _ block: FixedBlock) {
    // SAFETY: the block has that many entries, of which the returned events are bytes 6 and 7.
    unsafe UnsafeMutablePointer<pollfd>(bitPattern: UInt(block.places[.polled])).unsafelyUnwrapped[index + 1].revents =
      Int16(events)
  }

  @Test("sixty-three devices are watched in the order of their handles, and found ready by them")
  func ready() throws {
    let block = try FixedBlock(program: [])
    var table = DeviceTable()
    #expect(Bounds.devices == 63 && Manifest.maximumCount == Bounds.devices + 1)
    for handle in 1...63 { table.attach(.tap(Int32(100 + handle), frame: 65536), at: handle) }
    table.watch(block)
    // SAFETY: the block has 63 entries there, behind standard error's.
    let entries = unsafe UnsafeBufferPointer(
      start: UnsafePointer<pollfd>(bitPattern: UInt(block.places[.polled]) + 8), count: 63)
    #expect(unsafe entries.map(\.fd) == (101...163).map(Int32.init))
    #expect(unsafe entries.allSatisfy { $0.events == Int16(POLLIN | CLINUX_POLLRDHUP) && $0.revents == 0 })
    set(POLLIN, 0, block)
    set(POLLIN | POLLERR, 62, block)
    let ready = table.ready(block)
    #expect(ready == 1 << 1 | 1 << 63 && table.polledCount == 63)
    #expect(table.mayEnd(63) && !table.mayEnd(1) && !table.mayEnd(62) && !table.mayEnd(64) && !table.mayEnd(.max))
  }

  @Test("a device with an error or a closed end is ready until it is lost; the others keep their handles")
  func loses() throws {
    let block = try FixedBlock(program: Array("test".utf8))
    var table = DeviceTable()
    for handle in [2, 3, 5, 8] { table.attach(.tap(Int32(100 + handle), frame: 65536), at: handle) }
    for _ in 0..<2 {
      table.watch(block)
      set(POLLERR, 0, block)
      set(POLLIN, 1, block)
      set(POLLHUP, 2, block)
      let ready = table.ready(block)
      #expect(ready == 1 << 2 | 1 << 3 | 1 << 5 && table.polledCount == 4)
    }
    for handle in [2, 5, 2, 0, 1, 0x1_0000_0003, .max] as [UInt64] { table.lose(handle, block) }
    #expect(table.polledCount == 2)
    guard case .lostTap = table[2], case .lostTap = table[5], case .tap(108, _) = table[8] else {
      Issue.record("not the ones that were lost")
      return
    }
    table.watch(block)
    set(POLLIN, 1, block)
    let ready = table.ready(block)
    #expect(ready == 1 << 8 && !table.mayEnd(2))
  }

  @Test("a dropped frame is told of once, and all of them at the end")
  func drops() async throws {
    let result = try #require(
      await #expect(processExitsWith: .exitCode(0), observing: [\.standardErrorContent]) {
        let block = try FixedBlock(program: Array("test".utf8))
        var table = DeviceTable()
        for handle in [1, 63] { table.attach(.tap(Int32(handle), frame: 65536), at: handle) }
        for _ in 0..<3 { table.drop(63, code: Int(EAGAIN), block) }
        table.drop(1, code: Int(EIO), block)
        for handle in [0, 2, 64, .max] as [UInt64] { table.drop(handle, code: Int(EIO), block) }
        table.reportDropped(block)
        Host.Process.exit(0)
      })
    #expect(
      String(decoding: result.standardErrorContent, as: UTF8.self).hasSuffix(
        """
        test: network device with handle 63 takes no frames: Resource temporarily unavailable: they are dropped
        test: network device with handle 1 takes no frames: Input/output error: they are dropped
        test: network device with handle 63 has dropped 3 frames

        """))
  }
}

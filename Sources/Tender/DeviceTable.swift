import CLinux
import Host

/// What is attached to each handle of the manifest.
package struct DeviceTable {
  /// One attached device: trivial values, because the descriptors stay open until the process ends.
  package enum Slot {
    case none
    /// A disk: its descriptor, its capacity in bytes, and whether it may be written.
    case disk(Int32, capacity: UInt64, writable: Bool)
    /// A network device: its descriptor, and the longest frame in bytes.
    case tap(Int32, frame: UInt64)
    /// A network device that vanished.
    case lostTap
  }

  private var slots = InlineArray<64, Slot>(repeating: .none)
  /// The handles that `ppoll` watches, in the order of its array.
  private var polled = InlineArray<63, UInt8>(repeating: 0)
  /// How many descriptors `ppoll` watches.
  package private(set) var polledCount = 0
  /// The handles whose other end `ppoll` found closed, though frames may be left to read; bit n for handle n.
  private var hungUp: UInt64 = 0
  package private(set) var hasDisk = false
  package private(set) var hasTap = false

  package init() {}

  /// Attaches a device to a handle (1 to 63).
  package mutating func attach(_ slot: Slot, at handle: Int) {
    slots[handle] = slot
    switch slot {
    case .disk: hasDisk = true
    case .tap:
      hasTap = true
      polled[polledCount] = UInt8(handle)
      polledCount += 1
    case .none, .lostTap: break
    }
  }

  /// What is attached to a handle as a guest gives it, all 64 bits of it.
  package subscript(handle: UInt64) -> Slot { handle < UInt64(slots.count) ? slots[Int(handle)] : .none }

  /// Fills the `pollfd` array.
  func watch(_ block: FixedBlock) {
    for index in 0..<polledCount {
      guard case .tap(let descriptor, _) = slots[Int(polled[index])] else { continue }
      block.watch(index, descriptor: descriptor, events: Int16(POLLIN))
    }
  }

  /// Reads what `ppoll` returned.
  ///
  /// - Returns: the ready handles, bit n for handle n, and whether a device was lost and taken out of the set.
  mutating func collect(_ block: FixedBlock) -> (ready: UInt64, lost: Bool) {
    var ready: UInt64 = 0
    var lost = false
    for index in (0..<polledCount).reversed() {
      let events = Int32(block.returnedEvents(index))
      let handle = Int(polled[index])
      if events & POLLIN != 0 {
        ready |= 1 << UInt64(handle)
        if events & POLLHUP != 0 { hungUp |= 1 << UInt64(handle) }
      } else if events & (POLLERR | POLLHUP | POLLNVAL) != 0 {
        lose(UInt64(handle), block)
        lost = true
      }
    }
    return (ready, lost)
  }

  /// Takes out a network device that had nothing to read, if its other end is closed: it would be ready for ever.
  ///
  /// - Returns: whether it is lost.
  mutating func loseIfHungUp(_ handle: UInt64, _ block: FixedBlock) -> Bool {
    guard handle < 64, hungUp & 1 << handle != 0 else { return false }
    lose(handle, block)
    return true
  }

  /// Takes a network device that vanished out of the poll set, once, and says so.
  mutating func lose(_ handle: UInt64, _ block: FixedBlock) {
    guard case .tap = self[handle] else { return }
    slots[Int(handle)] = .lostTap
    var kept = 0
    for index in 0..<polledCount where polled[index] != UInt8(handle) {
      polled[kept] = polled[index]
      kept += 1
    }
    polledCount = kept
    var line = Diagnostic(block)
    line.append("network device with handle ")
    line.append(decimal: handle)
    line.append(" is gone: its calls return SOLO5_R_EUNSPEC from now on")
    line.write()
  }
}

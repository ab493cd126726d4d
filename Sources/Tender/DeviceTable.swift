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
  /// The handles that the last `ppoll` found near their end, bit n for handle n.
  private var ending: UInt64 = 0
  /// How many frames each handle's device had no room for.
  private var dropped = InlineArray<64, UInt64>(repeating: 0)
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

  /// The device at a handle; all 64 bits of what the guest gives count.
  package subscript(handle: UInt64) -> Slot { handle < UInt64(slots.count) ? slots[Int(handle)] : .none }

  /// Fills the `pollfd` array.
  func watch(_ block: FixedBlock) {
    for index in 0..<polledCount {
      guard case .tap(let descriptor, _) = slots[Int(polled[index])] else { continue }
      block.watch(index, descriptor: descriptor)
    }
  }

  /// The handles that `ppoll` found ready, bit n for handle n.
  ///
  /// One that reports an error or a closed end has something to tell too: the next call on it does, which takes it out.
  mutating func ready(_ block: FixedBlock) -> UInt64 {
    var ready: UInt64 = 0
    ending = 0
    for index in 0..<polledCount where block.isReady(index) {
      ready |= 1 << UInt64(polled[index])
      if block.mayEnd(index) { ending |= 1 << UInt64(polled[index]) }
    }
    return ready
  }

  /// Whether the last `ppoll` has found that a device may have no further frames than those that wait.
  func mayEnd(_ handle: UInt64) -> Bool { handle < UInt64(slots.count) && ending >> handle & 1 != 0 }

  /// Takes a network device that vanished out of the poll set, once, and says so: the guest is being told.
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

  /// Counts a frame that a network device didn't take, and says so of the first.
  ///
  /// - Parameters:
  ///   - handle: the device's.
  ///   - code: the kernel's reason, a positive error number.
  ///   - block: where the line is put together.
  mutating func drop(_ handle: UInt64, code: Int, _ block: FixedBlock) {
    guard case .tap = self[handle] else { return }
    dropped[Int(handle)] += 1
    guard dropped[Int(handle)] == 1 else { return }
    var line = Diagnostic(block)
    line.append("network device with handle ")
    line.append(decimal: handle)
    line.append(" takes no frames: ")
    line.append(errorNumber: Int32(truncatingIfNeeded: code))
    line.append(": they are dropped")
    line.write()
  }

  /// Says of each network device that dropped more than the one frame that was told of, how many there were.
  func reportDropped(_ block: FixedBlock) {
    for handle in dropped.indices where dropped[handle] > 1 {
      var line = Diagnostic(block)
      line.append("network device with handle ")
      line.append(decimal: UInt64(handle))
      line.append(" has dropped ")
      line.append(decimal: dropped[handle])
      line.append(" frames")
      line.write()
    }
  }
}

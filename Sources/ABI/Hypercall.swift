/// A request of the guest to its tender, by its number (`enum hvt_hypercall`).
package enum Hypercall: UInt16, CaseIterable, Sendable {
  /// Reads the wall clock; the structure is `WalltimeCall`.
  case walltime = 1
  /// Writes to the console; the structure is `PutsCall`.
  case puts
  /// Waits for input or a time-out; the structure is `PollCall`.
  case poll
  /// Writes to a disk; the structure is `BlockCall`.
  case blockWrite
  /// Reads from a disk; the structure is `BlockCall`.
  case blockRead
  /// Sends a frame; the structure is `NetCall`.
  case netWrite
  /// Receives a frame; the structure is `NetCall`.
  case netRead
  /// Ends the guest; the structure is `HaltCall`.
  case halt

  /// The I/O ports of x86_64: 0x500 plus the number (`HVT_HYPERCALL_PIO_BASE`).
  package static var ports: ClosedRange<UInt16> { 0x500...0x508 }

  /// The MMIO addresses of aarch64: 4 GiB plus eight times the number (`HVT_HYPERCALL_MMIO_BASE`).
  package static var addresses: ClosedRange<UInt64> { 0x1_0000_0000...0x1_0000_0047 }

  /// Returns the number a write to an x86_64 port means, 0 to 8, or nothing for a port outside `ports`.
  ///
  /// The number need not be a hypercall's: 0 is reserved.
  package static func number(port: UInt16) -> UInt16? {
    ports.contains(port) ? port - ports.lowerBound : nil
  }

  /// Returns the number a write to an aarch64 address means, 0 to 8, or nothing for one outside `addresses`.
  ///
  /// The low three bits of the address are ignored. The number need not be a hypercall's: 0 is reserved.
  package static func number(address: GuestAddress) -> UInt16? {
    guard addresses.contains(address.rawValue) else { return nil }
    return UInt16(truncatingIfNeeded: (address.rawValue - addresses.lowerBound) >> 3)
  }
}

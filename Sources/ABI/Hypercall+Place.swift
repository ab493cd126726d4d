/// Where a guest writes to make a hypercall.
extension Hypercall {
  /// The I/O ports of x86_64: 0x500 plus the number (`HVT_HYPERCALL_PIO_BASE`).
  package static var ports: ClosedRange<UInt16> { 0x500...0x500 + last.rawValue }

  /// The MMIO addresses of aarch64: 4 GiB plus eight times the number (`HVT_HYPERCALL_MMIO_BASE`).
  package static var addresses: ClosedRange<UInt64> { 0x1_0000_0000...0x1_0000_0007 + UInt64(last.rawValue) << 3 }

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

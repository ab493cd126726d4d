/// A guest-physical address: a number of the guest's, never a pointer of the tender's.
///
/// Only guest memory can turn it into bytes, which is where it's checked. Solo5 calls it `hvt_gpa_t`.
package struct GuestAddress: Comparable, Sendable {
  /// The address in bytes from the start of guest memory; any 64-bit value can come from a guest.
  package let rawValue: UInt64

  /// Makes an address of a number, which need not lie in guest memory.
  package init(rawValue: UInt64) { self.rawValue = rawValue }

  /// Returns the address `count` bytes further on, or nothing past the end of the 64-bit space.
  package func advanced(by count: UInt64) -> GuestAddress? {
    let (sum, overflow) = rawValue.addingReportingOverflow(count)
    return overflow ? nil : GuestAddress(rawValue: sum)
  }

  /// Orders addresses as numbers.
  package static func < (left: GuestAddress, right: GuestAddress) -> Bool { left.rawValue < right.rawValue }
}

/// A guest-physical address: a number of the guest's, never a pointer of the tender's.
///
/// Only guest memory can turn it into bytes, which is where it's checked. Solo5 calls it `hvt_gpa_t`.
package struct GuestAddress: Comparable, Sendable {
  /// The address in bytes from the start of guest memory; any 64-bit value can come from a guest.
  package let rawValue: UInt64

  /// Makes an address of a number, which need not lie in guest memory.
  package init(rawValue: UInt64) { self.rawValue = rawValue }

  /// The address so many bytes further on, which must be one: a sum past the 64-bit space ends the process.
  package static func + (address: GuestAddress, count: Int) -> GuestAddress {
    GuestAddress(rawValue: address.rawValue + UInt64(count))
  }

  /// Orders addresses as numbers.
  package static func < (left: GuestAddress, right: GuestAddress) -> Bool { left.rawValue < right.rawValue }
}

/// The hardware address of a network interface: six octets.
package struct MACAddress: Equatable, Sendable {
  /// How many octets there are.
  package static var size: Int { 6 }

  /// The octets in the order they are sent and written.
  package let octets: InlineArray<6, UInt8>

  /// Makes an address of its octets.
  package init(_ octets: InlineArray<6, UInt8>) { self.octets = octets }

  /// Whether all octets are zero, which stands for no address.
  package var isZero: Bool { self == MACAddress(InlineArray(repeating: 0)) }

  /// Compares octet by octet.
  package static func == (left: MACAddress, right: MACAddress) -> Bool {
    for index in left.octets.indices where left.octets[index] != right.octets[index] { return false }
    return true
  }
}

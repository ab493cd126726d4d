/// Requests that change an interface (netdevice(7)).
extension InterfaceRequest {
  /// The union as an interface's number.
  package var number: Int32 {
    get { (0..<4).reduce(0) { $0 | Int32(bitPattern: UInt32(bytes[16 + $1]) << UInt32(8 * $1)) } }
    set { for index in 0..<4 { bytes[16 + index] = UInt8(truncatingIfNeeded: newValue >> Int32(8 * index)) } }
  }

  /// Makes the union an IPv4 address without a port (`struct sockaddr_in`).
  package mutating func setAddress(_ octets: [UInt8]) {
    short = 2  // AF_INET
    for (index, octet) in octets.prefix(4).enumerated() { bytes[20 + index] = octet }
  }
}

/// A version of the hvt ABI that a unikernel can be built for (`HVT_ABI_VERSION`).
///
/// Version 2 changed the layout of executables, and no structure and no hypercall: a tender serves both alike.
package enum ABIVersion: UInt32, CaseIterable, Sendable {
  /// The version of Solo5 before 0.8.0.
  case v1 = 1
  /// The version of Solo5 from 0.8.0 on.
  case v2 = 2
}

/// The content of a unikernel's ABI1 note: what it was built for (`struct abi1_info`).
package struct ABIInfo: Equatable, Sendable {
  /// The number of the hvt target (`HVT_ABI_TARGET`).
  package static var hvtTarget: UInt32 { 1 }
  /// The size in bytes up to which the content is needed; the rest of it is reserved.
  package static var size: Int { 8 }

  /// The kind of tender, of which 1 is hvt.
  package let target: UInt32
  /// The version of that tender's ABI; an `ABIVersion`, if it's a known one.
  package let version: UInt32

  /// Decodes the content, or nothing if it has fewer than `size` bytes.
  package init?(_ bytes: RawSpan) {
    guard let target = bytes.read(UInt32.self, at: 0), let version = bytes.read(UInt32.self, at: 4) else { return nil }
    self.target = target
    self.version = version
  }
}

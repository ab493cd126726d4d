/// The sizes that bound what a tender is granted: the policy's parameters never have more.
///
/// It is the one table. A policy file's `max` is no less, and `ReviewedRule` holds it to no more; `Tests/Check/bounds`
/// compares.
package enum Bounds {
  /// Guest memory in bytes: hypercalls hand over 32-bit addresses.
  package static var memory: UInt64 { 1 << 32 }
  /// Guest memory is a multiple of so many bytes, a large page of x86_64.
  package static var memoryUnit: UInt64 { 1 << 21 }
  /// Guest memory in bytes where no option says otherwise.
  package static var usualMemory: UInt64 { 512 << 20 }
  /// The longest piece in bytes of a disk or of the console's text that one call moves; as much behind the guest's
  /// window is inaccessible.
  package static var transfer: Int { 1 << 20 }
  /// The longest frame in bytes: the largest MTU of a TAP and its Ethernet header, rounded up.
  package static var frame: Int { 1 << 16 }
  /// The greatest offset in a file (`loff_t`), and so the greatest number that a policy file may grant.
  package static var offset: UInt64 { UInt64(Int64.max) }
  /// Devices: a manifest has 64 entries (`Manifest.maximumCount`), the first of which is reserved.
  package static var devices: Int { 63 }
  /// Entries of `ppoll`'s array: one for standard output and error, and one for each device.
  package static var polled: Int { devices + 1 }
  /// Bytes of one diagnostic message.
  package static var message: Int { 1024 }
  /// The fixed block's bytes: the smallest page that a host has.
  package static var fixedBlock: Int { 4096 }
}

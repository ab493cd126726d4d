/// What the tender tells the guest at its entry point (`struct hvt_boot_info`).
///
/// | offset | field | |
/// |---|---|---|
/// | 0 | mem_size | u64 |
/// | 8 | kernel_end | u64 |
/// | 16 | cpu_cycle_freq | u64 |
/// | 24 | cmdline | u64 |
/// | 32 | mft | u64 |
/// | 40 | host_features | u32, 0: no ring is offered |
/// | 44 | guest_features | u32, 0 |
/// | 48 | net_ring | u64, 0 |
///
/// The structure was 40 bytes once: everything before `host_features`. Guests of then ignore what follows, so that one
/// encoding serves the guests of every ABI version.
package struct BootInfo: Equatable, Sendable {
  /// The size of the encoded structure in bytes.
  package static var size: Int { 56 }

  /// The size of guest memory in bytes.
  package let memorySize: UInt64
  /// The end of the unikernel's highest segment that has bytes in the file.
  package let kernelEnd: GuestAddress
  /// The frequency of the cycle counter in Hz; guests insist that it isn't 0.
  package let cycleFrequency: UInt64
  /// The address of the command line, which ends in a NUL.
  package let commandLine: GuestAddress
  /// The address of the guest's copy of the manifest.
  package let manifest: GuestAddress

  /// Makes a boot info of its fields.
  package init(
    memorySize: UInt64, kernelEnd: GuestAddress, cycleFrequency: UInt64, commandLine: GuestAddress,
    manifest: GuestAddress
  ) {
    self.memorySize = memorySize
    self.kernelEnd = kernelEnd
    self.cycleFrequency = cycleFrequency
    self.commandLine = commandLine
    self.manifest = manifest
  }

  /// Returns the structure's `size` bytes.
  package func encode() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.size)
    for field in [memorySize, kernelEnd.rawValue, cycleFrequency, commandLine.rawValue, manifest.rawValue] {
      bytes.append(littleEndian: field)
    }
    bytes.pad(to: Self.size)
    return bytes
  }
}

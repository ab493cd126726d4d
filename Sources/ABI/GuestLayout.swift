/// The fixed places of a guest's physical address space, the same for every architecture.
///
///     0x00000   nothing, then the architecture's tables
///     0x10000   boot info, 56 bytes
///     0x10038   manifest, 8 + 104 bytes an entry
///     then      command line, 8192 bytes
///     0x100000  the unikernel
package enum GuestLayout {
  /// The address of the boot info, which the guest's entry point gets as its only argument.
  package static var bootInfo: GuestAddress { GuestAddress(rawValue: 0x1_0000) }

  /// The address of the guest's copy of the manifest, right after the boot info.
  package static var manifest: GuestAddress {
    bootInfo + BootInfo.size
  }

  /// The size in bytes of the command line's place, its terminating NUL included (`HVT_CMDLINE_SIZE`).
  package static var commandLineSize: Int { 8192 }

  /// The lowest address a segment of a unikernel may have (`HVT_GUEST_MIN_BASE`).
  package static var lowestLoadAddress: GuestAddress { GuestAddress(rawValue: 0x10_0000) }

  /// Returns the address of the command line, right after the manifest and without padding.
  ///
  /// A manifest of 64 entries leaves it ending at 0x13a40, far below the lowest load address.
  package static func commandLine(after manifest: Manifest) -> GuestAddress {
    Self.manifest + manifest.encodedSize
  }
}

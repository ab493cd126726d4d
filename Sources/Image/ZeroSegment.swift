/// A PT_LOAD entry without bytes in the file, as the program header has it: nothing loads or checks it.
package struct ZeroSegment: Equatable, Sendable {
  /// The guest address (`p_vaddr`).
  package let address: UInt64
  /// How many zeros it stands for (`p_memsz`).
  package let size: UInt64
  /// The permissions that it asks for.
  package let permissions: Segment.Permissions

  init(address: UInt64, size: UInt64, flags: UInt32) {
    self.address = address
    self.size = size
    permissions = Segment.Permissions(
      readable: flags & 4 != 0, writable: flags & 2 != 0, executable: flags & 1 != 0)
  }
}

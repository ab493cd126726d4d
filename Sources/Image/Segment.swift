package import ABI

/// A part of the file that is loaded into guest memory: a PT_LOAD entry that passed every check.
package struct Segment: Equatable, Sendable {
  /// What the guest may do with a segment's pages (`p_flags`).
  package struct Permissions: Equatable, Sendable {
    /// PF_R, which code segments of real unikernels lack: a page that is executable has to be readable too.
    package let readable: Bool
    /// PF_W; never together with `executable`.
    package let writable: Bool
    /// PF_X.
    package let executable: Bool

    /// Makes permissions of their bits.
    package init(readable: Bool, writable: Bool, executable: Bool) {
      self.readable = readable
      self.writable = writable
      self.executable = executable
    }
  }

  /// The place of its bytes in the file; it lies within the file and isn't empty.
  package let file: Range<Int>
  /// Its place in guest memory: the file's bytes, then zeros; at least as long as `file`.
  package let memory: Range<GuestAddress>
  /// The pages its permissions apply to: `memory` extended to the segment's alignment, always whole pages of 4 KiB.
  ///
  /// It lies within guest memory, from the lowest load address on, and no two segments' overlap.
  package let pages: Range<GuestAddress>
  /// What the guest may do with `pages`.
  package let permissions: Permissions
}

import CLinux
import Host
import Text

extension Seal {
  /// Fills descriptors 0, 1 and 2, before anything else is opened.
  ///
  /// A closed one would become the number of the next file that is opened, a disk for example, and console text would
  /// go into the disk. Standard input becomes `/dev/null` in any case, because nothing reads it. `nothing()` says what
  /// takes its place if there is no `/dev/null`.
  package mutating func fillStandardDescriptors() throws(Refusal) {
    try establish(.standardDescriptors) { () throws(SystemError) in
      var filler = try Self.nothing().disarm()
      while filler <= 2 {
        // A standard descriptor isn't close-on-exec, but this process never executes anything.
        let next = try Self.nothing().disarm()
        _ = try StepEvidence.seen("open", next > filler)
        filler = next
      }
      let surplus = Descriptor(owning: filler)
      try Kernel.call(.dup3, Int(surplus.raw), 0, 0)
      return try .seen("dup3", FileStatus(of: 0).isSame(as: FileStatus(of: surplus.raw)))
    }
  }

  /// `/dev/null`; where there is none, as in an empty root, the end of a pipe that nobody writes to and that can't be
  /// written to.
  @inline(never)
  private static func nothing() throws(SystemError) -> Descriptor {
    do throws(SystemError) { return try Descriptor.open("/dev/null", O_RDWR) } catch {
      guard error.code == ENOENT else { throw error }
    }
    return try Pipe().closingInput()
  }
}

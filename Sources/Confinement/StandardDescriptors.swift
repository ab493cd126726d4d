import CLinux
import Host
import Text

extension Seal {
  /// Makes descriptors 0, 1 and 2 safe to have, before anything else is opened.
  ///
  /// A closed one would be handed to the next file opened, a disk for example, into which console text would then be
  /// written. Standard input becomes `/dev/null` in any case: nothing reads it.
  package mutating func fillStandardDescriptors() throws(Refusal) {
    try establish(.standardDescriptors) { () throws(SystemError) in
      var filler = try Descriptor.open("/dev/null", O_RDWR).disarm()
      while filler <= 2 {
        // A standard descriptor isn't close-on-exec, but this process never executes anything.
        let next = try Descriptor.open("/dev/null", O_RDWR).disarm()
        _ = try StepEvidence.seen("open", next > filler)
        filler = next
      }
      let surplus = Descriptor(owning: filler)
      try Kernel.call(.dup3, Int(surplus.raw), 0, 0)
      return try .seen("dup3", FileStatus(of: 0).isSame(as: FileStatus(of: surplus.raw)))
    }
  }
}

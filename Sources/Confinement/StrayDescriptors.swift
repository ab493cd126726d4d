import CLinux
import Host

extension Seal {
  /// Closes every descriptor from 3 up that the launcher left open and that no option names by `@N`.
  ///
  /// What isn't open can't be taken over by whoever hijacks the tender.
  ///
  /// - Parameter kept: the named descriptors, in any order.
  /// - Throws: a refusal where the kernel can't close them.
  package mutating func closeStrayDescriptors(keeping kept: [Int32]) throws(Refusal) {
    try take(.strayDescriptors) { () throws(SystemError) in
      var next = 3
      for descriptor in kept.sorted() where descriptor >= next {
        if descriptor > next { try Kernel.call(.closeRange, next, Int(descriptor) - 1) }
        next = Int(descriptor) + 1
      }
      try Kernel.call(.closeRange, next, Int(UInt32.max))
    }
  }
}

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
        if descriptor > next { try Self.close(next...Int(descriptor) - 1) }
        next = Int(descriptor) + 1
      }
      try Self.close(next...Int(UInt32.max))
    }
  }

  /// Closes a range, whose first number is used for a moment to see whether it has been closed.
  ///
  /// A filter that answers a call without making it isn't believed.
  private static func close(_ range: ClosedRange<Int>) throws(SystemError) {
    let planted = Kernel.raw(.dup3, 0, range.lowerBound, 0)
    // Above the launcher's limit on descriptors nothing can be put there.
    guard planted == range.lowerBound || planted == -Int(EBADF) else {
      throw SystemError(call: "dup3", code: planted < 0 ? Int32(-planted) : ENOSYS)
    }
    try Kernel.call(.closeRange, range.lowerBound, range.upperBound)
    guard planted < 0 || Kernel.raw(.fcntl, range.lowerBound, Int(F_GETFD)) == -Int(EBADF) else {
      throw SystemError(call: "close_range", code: ENOSYS)
    }
  }
}

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
    try establish(.strayDescriptors) { () throws(SystemError) in
      var next = 3
      for descriptor in kept.sorted() where descriptor >= next {
        if descriptor > next { _ = try Self.close(next...Int(descriptor) - 1) }
        next = Int(descriptor) + 1
      }
      return try Self.close(next...Int(UInt32.max))
    }
  }

  /// Closes a range, whose first number is used before to see that it is free again.
  private static func close(_ range: ClosedRange<Int>) throws(SystemError) -> StepEvidence {
    let planted = Kernel.raw(.dup3, 0, range.lowerBound, 0)
    // Above the launcher's limit on descriptors nothing can be put there.
    guard planted == range.lowerBound || planted == -Int(EBADF) else {
      throw SystemError(call: "dup3", code: planted < 0 ? Int32(-planted) : ENOSYS)
    }
    try Kernel.call(.closeRange, range.lowerBound, range.upperBound)
    guard planted >= 0 else { return .believed("nothing can be put there, and of what is there nobody knows") }
    let free = Kernel.raw(.fcntl, 0, Int(CLINUX_F_DUPFD_CLOEXEC), range.lowerBound)
    defer { if free > 2 { _ = Kernel.raw(.close, free) } }
    return try .seen("close_range", free == range.lowerBound)
  }
}

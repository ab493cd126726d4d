import CLinux
import Host
import Text

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
  /// A filter that answers a call without making it isn't believed. Where the kernel or a filter has no `close_range`, each
  /// number is closed that there can be.
  private static func close(_ range: ClosedRange<Int>) throws(SystemError) {
    let planted = Kernel.raw(.dup3, 0, range.lowerBound, 0)
    // Above the launcher's limit on descriptors nothing can be put there.
    guard planted == range.lowerBound || planted == -Int(EBADF) else {
      throw SystemError(call: "dup3", code: planted < 0 ? Int32(-planted) : ENOSYS)
    }
    let answer = Kernel.raw(.closeRange, range.lowerBound, range.upperBound)
    if answer == 0, planted < 0 || !isOpen(range.lowerBound) { return }
    guard let size = tableSize() else {
      throw SystemError(call: "close_range", code: answer < 0 ? Int32(-answer) : ENOSYS)
    }
    var next = range.lowerBound
    while next <= range.upperBound, next < size {
      _ = Kernel.raw(.close, next)
      guard !isOpen(next) else { throw SystemError(call: "close", code: ENOSYS) }
      next += 1
    }
  }

  private static func isOpen(_ descriptor: Int) -> Bool { Kernel.raw(.fcntl, descriptor, Int(F_GETFD)) != -Int(EBADF) }

  /// How many descriptors this process's table has room for, as `/proc` says; nil where it can't be asked.
  private static func tableSize() -> Int? {
    let name: Text = "\nFDSize:\t"
    guard let status = try? ProcessFile.read("/proc/self/status", most: 4096) else { return nil }
    for start in status.indices where status[start...].starts(with: name.bytes) {
      var size = 0
      for digit in status[(start + name.bytes.count)...] {
        guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { break }
        size = size * 10 + Int(digit - UInt8(ascii: "0"))
      }
      return size > 0 ? size : nil
    }
    return nil
  }
}

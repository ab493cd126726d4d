import CLinux
import Host
import Text

extension Seal {
  /// Closes every descriptor from 3 up that the launcher left open and that no option names by `@N`.
  ///
  /// A hijacked tender can't use what isn't open.
  ///
  /// - Parameter kept: the named descriptors, in any order.
  /// - Throws: a refusal where the kernel can't close them.
  package mutating func closeStrayDescriptors(keeping kept: [Int32]) throws(Refusal) {
    try establish(.strayDescriptors) { () throws(SystemError) in
      try Self.close(keeping: kept, most: nil)
    }
  }

  /// Closes once more, and all at once, what this program has opened itself and no longer needs.
  ///
  /// Each descriptor was closed as soon as it wasn't needed. But an outer filter can answer `close` without making it,
  /// and the machine's own descriptor would stay open. So this is done only if there may be an outer filter. It comes
  /// before the limit on descriptors, which leaves no number to check with.
  ///
  /// - Parameter kept: the descriptors that stay open, in any order.
  /// - Throws: a refusal where the kernel can't close them.
  package func closeLeftDescriptors(keeping kept: [Int32]) throws(Refusal) {
    guard mayBeAnswered, !Omission.concerns(.strayDescriptors) else { return }
    do throws(SystemError) {
      // Without /proc each number is closed that it can have got: the lowest that were free.
      try Self.close(keeping: kept, most: Int(kept.max() ?? 2) + Self.mostOpened)
    } catch {
      throw Refusal(step: .strayDescriptors, reason: error.message)
    }
  }

  /// More than this program opens in one start, with two for each device and a hundred besides.
  private static var mostOpened: Int { 256 }

  /// Closes all descriptors but those.
  @discardableResult
  private static func close(keeping kept: [Int32], most: Int?) throws(SystemError) -> StepEvidence {
    var next = 3
    for descriptor in kept.sorted() where descriptor >= next {
      if descriptor > next { _ = try close(next...Int(descriptor) - 1, most: most) }
      next = Int(descriptor) + 1
    }
    return try close(next...Int(UInt32.max), most: most)
  }

  /// Closes a range, whose first number is used before to see that it is free again.
  ///
  /// Where the kernel or a filter has no `close_range`, each number is closed that there can be: below `most`, or else
  /// the size of the table.
  private static func close(_ range: ClosedRange<Int>, most: Int?) throws(SystemError) -> StepEvidence {
    let planted = Kernel.raw(.dup3, 0, range.lowerBound, 0)
    // Above the launcher's limit on descriptors nothing can be put there.
    guard planted == range.lowerBound || planted == -Int(EBADF) else {
      throw SystemError(call: "dup3", code: planted < 0 ? Int32(-planted) : ENOSYS)
    }
    let answer = Kernel.raw(.closeRange, range.lowerBound, range.upperBound)
    if answer == 0, planted < 0 { return .believed("nothing can be put there, and of what is there nobody knows") }
    if answer == 0, isFree(range.lowerBound) { return try .seen("close_range", true) }
    guard let size = most ?? tableSize() else {
      throw SystemError(call: "close_range", code: answer < 0 ? Int32(-answer) : ENOSYS)
    }
    var next = range.lowerBound
    while next <= range.upperBound, next < size {
      _ = Kernel.once(.close, next)
      guard isFree(next) else { throw SystemError(call: "close", code: ENOSYS) }
      next += 1
    }
    return try .seen("close", true)
  }

  /// Whether the kernel gives a number to the next descriptor from there on.
  private static func isFree(_ number: Int) -> Bool {
    let free = Kernel.raw(.fcntl, 0, Int(CLINUX_F_DUPFD_CLOEXEC), number)
    defer { if free > 2 { _ = Kernel.once(.close, free) } }
    // Above the launcher's limit none is given: then what is there says so itself.
    return free == number || free == -Int(EINVAL) && Kernel.raw(.fcntl, number, Int(F_GETFD)) == -Int(EBADF)
  }

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

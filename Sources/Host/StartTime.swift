package import Text

/// When a process started, which with its id tells it from every other one of this boot.
package enum StartTime {
  /// When this process started, in clock ticks since the machine booted; nil where there is no `/proc` to ask.
  package static func own() -> UInt64? {
    guard let file = try? Descriptor.open("/proc/self/stat", 0) else { return nil }
    var line = [UInt8](repeating: 0, count: 1024)
    let count = unsafe line.withUnsafeMutableBytes {
      // SAFETY: the kernel writes at most the buffer's bytes.
      Kernel.raw(.read, Int(file.raw), Int(bitPattern: $0.baseAddress), $0.count)
    }
    return of(line.prefix(max(count, 0)))
  }

  /// The 22nd field of a line of `/proc/PID/stat` (proc_pid_stat(5)); nil where it isn't one.
  ///
  /// The second field is a name in parentheses, which holds whatever bytes its process likes.
  package static func of(_ line: ArraySlice<UInt8>) -> UInt64? {
    guard let end = line.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = line[(end + 1)...].split(separator: UInt8(ascii: " "))
    guard fields.count > 19 else { return nil }
    var time: UInt64 = 0
    for digit in fields[19] {
      guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
      let (tens, isLong) = time.multipliedReportingOverflow(by: 10)
      let (sum, isTooLong) = tens.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
      guard !isLong, !isTooLong else { return nil }
      time = sum
    }
    return time
  }
}

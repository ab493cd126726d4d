import CLinux
import Text

/// When a process started; with its id, that tells it from every other process of this boot.
package enum StartTime {
  /// When this process started, in clock ticks since the machine booted; nil where there is no `/proc` to ask.
  package static func own() throws(SystemError) -> UInt64? {
    do throws(SystemError) {
      return try of(Descriptor.open("/proc/self/stat", O_RDONLY).read(most: 1024)[...])
    } catch {
      if error.code == ENOENT { return nil }
      throw error
    }
  }

  /// The 22nd field of a line of `/proc/PID/stat` (proc_pid_stat(5)); nil where it isn't one.
  ///
  /// The second field is a name in parentheses; the process chooses its bytes.
  package static func of(_ line: ArraySlice<UInt8>) -> UInt64? {
    guard let end = line.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    var blanks = 0
    var time: UInt64?
    for byte in line[(end + 1)...] {
      if byte == UInt8(ascii: " ") { blanks += 1 }
      if blanks > 20 { break }
      guard blanks == 20, byte != UInt8(ascii: " "), byte != UInt8(ascii: "\n") else { continue }
      let digit = UInt64(byte &- UInt8(ascii: "0"))
      let (tens, isLong) = (time ?? 0).multipliedReportingOverflow(by: 10)
      let (sum, isTooLong) = tens.addingReportingOverflow(digit)
      guard digit < 10, !isLong, !isTooLong else { return nil }
      time = sum
    }
    return time
  }
}

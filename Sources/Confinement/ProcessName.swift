import CLinux
package import Host
package import Text

/// The name of this process that the kernel shows to everybody (`/proc/PID/comm`).
package enum ProcessName {
  /// The most bytes of it (`TASK_COMM_LEN` with its terminator is 16).
  package static var most: Int { 15 }

  /// Sets the name, and makes sure that the kernel has it.
  ///
  /// - Parameter name: at most `most` bytes, none of them zero.
  /// - Throws: what the kernel said, or `ENOSYS` where it has another name all the same.
  package static func set(_ name: Text) throws(SystemError) {
    var bytes = InlineArray<16, UInt8>(repeating: 0)
    for (index, byte) in name.bytes.prefix(most).enumerated() { bytes[index] = byte }
    try control(PR_SET_NAME, &bytes)
    // The kernel writes the answer to memory, which an outer filter can't.
    var seen = InlineArray<16, UInt8>(repeating: 0xff)
    try control(PR_GET_NAME, &seen)
    for index in bytes.indices where bytes[index] != seen[index] { throw SystemError(call: "prctl", code: ENOSYS) }
  }

  private static func control(_ operation: Int32, _ bytes: inout InlineArray<16, UInt8>) throws(SystemError) {
    var span = bytes.mutableSpan
    let result = unsafe span.withUnsafeMutableBytes {
      // SAFETY: the kernel reads or writes at most the 16 bytes, during the call.
      Kernel.raw(.prctl, Int(operation), Int(bitPattern: $0.baseAddress))
    }
    guard result >= 0 else { throw SystemError(call: "prctl", code: Int32(-result)) }
  }
}

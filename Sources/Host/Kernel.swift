import CLinux

/// The one doorway to the kernel.
package enum Kernel {
  /// Makes a system call and returns the kernel's answer as it is, a negative error number on failure.
  ///
  /// The run loop uses this form: it neither throws nor retries.
  @inline(__always)
  package static func raw(
    _ call: SystemCall, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0, _ d: Int = 0, _ e: Int = 0, _ f: Int = 0
  ) -> Int {
    clinux_system_call(call.number, a, b, c, d, e, f)
  }

  /// Makes a system call, again as long as a signal interrupts it, and returns its result.
  ///
  /// - Throws: what the kernel said when it refused.
  @discardableResult
  package static func call(
    _ call: SystemCall, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0, _ d: Int = 0, _ e: Int = 0, _ f: Int = 0
  ) throws(SystemError) -> Int {
    while true {
      let result = raw(call, a, b, c, d, e, f)
      guard result < 0 else { return result }
      guard result != -Int(EINTR) else { continue }
      throw SystemError(call: call.name, code: Int32(truncatingIfNeeded: -result))
    }
  }

  /// `prctl(2)`, whose four further arguments must be zero where they mean nothing.
  @discardableResult
  package static func control(
    _ operation: Int32, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0, _ d: Int = 0
  ) throws(SystemError) -> Int {
    try call(.prctl, Int(operation), a, b, c, d)
  }
}

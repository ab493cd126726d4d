import CLinux

/// The one doorway to the kernel.
package enum Kernel {
  /// Makes a system call a single time and returns the kernel's answer as it is, a negative error number on failure.
  ///
  /// It is for calls to which an interruption means something: a wait whose time goes on, a `KVM_RUN` that must return
  /// at once, and `close`, after which the descriptor is gone whatever the answer. `Tests/Check/once` names its users.
  @inline(__always)
  package static func once(
    _ call: SystemCall, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0, _ d: Int = 0, _ e: Int = 0, _ f: Int = 0
  ) -> Int {
    clinux_system_call(call.number, a, b, c, d, e, f)
  }

  /// Makes a system call, again if a signal interrupts it, and returns the kernel's answer as it is, a negative error
  /// number on failure.
  @inline(__always)
  package static func raw(_ call: SystemCall, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0) -> Int {
    clinux_repeated_short_call(call.number, a, b, c)
  }

  /// The same of a call with more than three arguments.
  @inline(__always)
  package static func raw(
    _ call: SystemCall, _ a: Int, _ b: Int, _ c: Int, _ d: Int, _ e: Int = 0, _ f: Int = 0
  ) -> Int {
    clinux_repeated_call(call.number, a, b, c, d, e, f)
  }

  /// Makes a system call, again if a signal interrupts it, and returns its result.
  ///
  /// - Throws: what the kernel said when it refused.
  @discardableResult
  package static func call(
    _ call: SystemCall, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0
  ) throws(SystemError) -> Int {
    try check(raw(call, a, b, c), of: call)
  }

  /// The same of a call with more than three arguments.
  @discardableResult
  package static func call(
    _ call: SystemCall, _ a: Int, _ b: Int, _ c: Int, _ d: Int, _ e: Int = 0, _ f: Int = 0
  ) throws(SystemError) -> Int {
    try check(raw(call, a, b, c, d, e, f), of: call)
  }

  private static func check(_ result: Int, of call: SystemCall) throws(SystemError) -> Int {
    guard result < 0 else { return result }
    throw SystemError(call: call.name, code: Int32(truncatingIfNeeded: -result))
  }

  /// Calls `prctl(2)`; arguments that mean nothing to an operation must be zero.
  @discardableResult
  package static func control(
    _ operation: Int32, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0, _ d: Int = 0
  ) throws(SystemError) -> Int {
    try call(.prctl, Int(operation), a, b, c, d)
  }
}

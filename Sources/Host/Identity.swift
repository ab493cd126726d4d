/// Whom this process runs as.
///
/// On Linux none of these calls fails; a filter may refuse them all the same, and what isn't known isn't guessed.
package enum Identity {
  /// The process id, of the innermost PID namespace.
  package static func process() throws(SystemError) -> UInt32 { UInt32(try Kernel.call(.getpid)) }

  /// The effective user id.
  package static func user() throws(SystemError) -> UInt32 { UInt32(try Kernel.call(.geteuid)) }

  /// The effective group id.
  package static func group() throws(SystemError) -> UInt32 { UInt32(try Kernel.call(.getegid)) }

  /// The supplementary groups that remain; an ordinary user can't give them up.
  package static func groups() throws(SystemError) -> [UInt32] {
    let count = try Kernel.call(.getgroups, 0, 0)
    guard count > 0 else { return [] }
    var groups = [UInt32](repeating: 0, count: count)
    let got = unsafe groups.withUnsafeMutableBytes {
      // SAFETY: the buffer has room for as many groups as the call is told.
      Kernel.raw(.getgroups, count, Int(bitPattern: $0.baseAddress))
    }
    guard got >= 0 else { throw SystemError(call: "getgroups", code: Int32(-got)) }
    return Array(groups.prefix(got))
  }
}

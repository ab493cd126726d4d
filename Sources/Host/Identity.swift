import CLinux

/// The user and groups that this process runs as.
///
/// On Linux none of these calls fails, but a filter may refuse them. Then there is an error, and nothing is guessed.
package enum Identity {
  /// The process id, of the innermost PID namespace.
  package static func process() throws(SystemError) -> UInt32 { UInt32(try Kernel.call(.getpid)) }

  /// A process's user and groups.
  package struct Owner: Sendable {
    /// The effective user id.
    package let user: UInt32
    /// The effective group id.
    package let group: UInt32
    /// Whether the real, the effective or the saved user id is root's: then the process can become root again.
    package let isRoot: Bool
    /// Whether all three user ids are one, and all three group ids.
    package let isUniform: Bool
    /// The supplementary groups; an ordinary user can't give them up.
    package let groups: [UInt32]
  }

  /// This process's user and groups, as the kernel has them.
  package static func owner() throws(SystemError) -> Owner {
    let users = try triple(.getresuid)
    let groups = try triple(.getresgid)
    return Owner(
      user: users[1], group: groups[1], isRoot: users[0] == 0 || users[1] == 0 || users[2] == 0,
      isUniform: users[0] == users[1] && users[1] == users[2] && groups[0] == groups[1] && groups[1] == groups[2],
      groups: try supplementaryGroups())
  }

  /// Real, effective and saved id.
  private static func triple(_ call: SystemCall) throws(SystemError) -> InlineArray<3, UInt32> {
    var ids = InlineArray<3, UInt32>(repeating: .max)
    var span = ids.mutableSpan
    let result = unsafe span.withUnsafeMutableBytes { buffer in
      // SAFETY: the kernel writes three ids of four bytes, for which the buffer has room.
      let start = Int(bitPattern: buffer.baseAddress)
      return Kernel.raw(call, start, start + 4, start + 8)
    }
    guard result == 0 else { throw SystemError(call: call.name, code: Int32(-result)) }
    // Nobody has this id: a filter has answered, and the kernel has written nothing.
    for index in ids.indices where ids[index] == .max { throw SystemError(call: call.name, code: ENOSYS) }
    return ids
  }

  private static func supplementaryGroups() throws(SystemError) -> [UInt32] {
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

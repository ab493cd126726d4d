import CLinux
import Host
import Text

/// The Landlock domain that allows nothing: no path, no port, no signal and no abstract socket of another process.
enum Landlock {
  /// No audit records of what the domain refuses to this program (LANDLOCK_RESTRICT_SELF_LOG_SAME_EXEC_OFF).
  static var withoutLog: Int { 1 }

  /// The last version whose rights are known here.
  static var newest: Int { 10 }

  /// Every right of the ABI (include/uapi/linux/landlock.h): 13 for version 1, then REFER, TRUNCATE and IOCTL_DEV, and from 9 on
  /// RESOLVE_UNIX; TCP bind and connect from 4, UDP bind and send from 10; scopes of abstract Unix sockets and signals from 6.
  static func rights(version: Int) -> clinux_landlock_ruleset {
    var ruleset = clinux_landlock_ruleset()
    ruleset.handled_access_fs = (1 << 13) - 1
    if version >= 2 { ruleset.handled_access_fs |= 1 << 13 }
    if version >= 3 { ruleset.handled_access_fs |= 1 << 14 }
    if version >= 5 { ruleset.handled_access_fs |= 1 << 15 }
    if version >= 9 { ruleset.handled_access_fs |= 1 << 16 }
    if version >= 4 { ruleset.handled_access_net = 0b11 }
    if version >= 10 { ruleset.handled_access_net |= 0b1100 }
    if version >= 6 { ruleset.scoped = 0b11 }
    return ruleset
  }
}

extension Seal {
  /// The error number that opening the root directory ends with, 0 where it can be opened.
  ///
  /// Both times it is the same literal: a filter sees the address of a path, and could tell two apart.
  private static var refusal: Int32 {
    let root: StaticString = "/"
    // SAFETY: a literal is terminated and lives as long as the program.
    let path = unsafe Int(bitPattern: root.utf8Start)
    let raw = Kernel.raw(.openat, Int(AT_FDCWD), path, Int(O_RDONLY | O_DIRECTORY | O_CLOEXEC), 0)
    guard raw >= 0 else { return Int32(-raw) }
    let opened = Descriptor(owning: Int32(raw))
    // Standard input has been open all the time.
    return opened.raw > 0 ? 0 : ENOSYS
  }

  /// Enters a Landlock domain without any rule, which holds even where the namespaces were forgiven.
  package mutating func enterLandlock() throws(Refusal) {
    var entered = 0
    let mayBeAnswered = mayBeAnswered
    try establish(.landlock) { () throws(SystemError) in
      let version = min(
        try Kernel.call(.landlockCreateRuleset, 0, 0, Int(LANDLOCK_CREATE_RULESET_VERSION)), Landlock.newest)
      // A filter's 0: there is no such version.
      guard version > 0 else { throw SystemError(call: "landlock_create_ruleset", code: ENOSYS) }
      var rights = Landlock.rights(version: version)
      let size = version >= 6 ? 24 : version >= 4 ? 16 : 8
      let raw = unsafe withUnsafePointer(to: &rights) {
        // SAFETY: the kernel reads `size` bytes, at most the structure's 24, during the call.
        Kernel.raw(.landlockCreateRuleset, Int(bitPattern: $0), size, 0)
      }
      guard raw > 0 else { throw SystemError(call: "landlock_create_ruleset", code: raw < 0 ? Int32(-raw) : ENOSYS) }
      let ruleset = Descriptor(owning: Int32(raw))
      // A directory that could be opened can't be any more.
      if mayBeAnswered { _ = try StepEvidence.seen("landlock_restrict_self", Self.refusal == 0) }
      // The first call that the domain refuses is our own: it is no news for the audit log (from version 7 on).
      try Kernel.call(.landlockRestrictSelf, Int(ruleset.raw), version >= 7 ? Landlock.withoutLog : 0)
      let evidence = try StepEvidence.seen("landlock_restrict_self", Self.refusal == EACCES)
      entered = version
      return evidence
    }
    landlockVersion = entered
  }
}

import CLinux
import Host
import Text

/// The Landlock domain that allows nothing: no path, no port, no signal and no abstract socket of another process.
enum Landlock {
  /// Every right of the ABI (include/uapi/linux/landlock.h): 13 for version 1, then REFER, TRUNCATE and IOCTL_DEV; TCP
  /// bind and connect from 4; scopes of abstract Unix sockets and signals from 6.
  static func rights(version: Int) -> clinux_landlock_ruleset {
    var ruleset = clinux_landlock_ruleset()
    ruleset.handled_access_fs = (1 << 13) - 1
    if version >= 2 { ruleset.handled_access_fs |= 1 << 13 }
    if version >= 3 { ruleset.handled_access_fs |= 1 << 14 }
    if version >= 5 { ruleset.handled_access_fs |= 1 << 15 }
    if version >= 4 { ruleset.handled_access_net = 0b11 }
    if version >= 6 { ruleset.scoped = 0b11 }
    return ruleset
  }
}

extension Seal {
  private static func isDenied(_ directory: Text) -> Bool {
    do throws(SystemError) {
      _ = try Descriptor.open(directory, O_RDONLY | O_DIRECTORY)
      return false
    } catch {
      return error.code == EACCES
    }
  }

  /// Enters a Landlock domain without any rule, which holds even where the namespaces were forgiven.
  package mutating func enterLandlock() throws(Refusal) {
    var entered = 0
    try take(.landlock) { () throws(SystemError) in
      let version = try Kernel.call(.landlockCreateRuleset, 0, 0, Int(LANDLOCK_CREATE_RULESET_VERSION))
      var rights = Landlock.rights(version: version)
      let size = version >= 6 ? 24 : version >= 4 ? 16 : 8
      let raw = unsafe withUnsafePointer(to: &rights) {
        // SAFETY: the kernel reads `size` bytes, at most the structure's 24, during the call.
        Kernel.raw(.landlockCreateRuleset, Int(bitPattern: $0), size, 0)
      }
      guard raw >= 0 else { throw SystemError(call: "landlock_create_ruleset", code: Int32(-raw)) }
      let ruleset = Descriptor(owning: Int32(raw))
      try Kernel.call(.landlockRestrictSelf, Int(ruleset.raw), 0)
      // A filter that answers a call without making it isn't believed: no directory can be opened any more.
      guard Self.isDenied("/") else { throw SystemError(call: "landlock_restrict_self", code: ENOSYS) }
      entered = version
    }
    landlockVersion = entered
  }
}

import CLinux
import Host
import Text

/// The Landlock domain that allows nothing: no path, no port, no signal and no abstract socket of another process.
package enum Landlock {
  /// No audit records of what the domain refuses to this program (LANDLOCK_RESTRICT_SELF_LOG_SAME_EXEC_OFF).
  static var withoutLog: Int { 1 }

  /// The last version whose rights are known here.
  package static var newest: Int { 10 }

  /// Rights by their bits (include/uapi/linux/landlock.h).
  package struct Rights: Equatable {
    package let files: UInt32
    package let network: UInt32
    package let scopes: UInt32
  }

  /// Every right that a version of the interface knows: none for 0, no version; 13 of files for 1, then REFER, TRUNCATE
  /// and IOCTL_DEV, and from 9 on RESOLVE_UNIX; TCP bind and connect from 4, UDP bind and send from 10; scopes of
  /// abstract Unix sockets and signals from 6.
  package static func rights(version: Int) -> Rights {
    let files: UInt32 =
      switch version {
      case ...0: 0
      case 1: 0x1fff
      case 2: 0x3fff
      case 3...4: 0x7fff
      case 5...8: 0xffff
      default: 0x1ffff
      }
    return Rights(files: files, network: version >= 10 ? 15 : version >= 4 ? 3 : 0, scopes: version >= 6 ? 3 : 0)
  }

  /// How many bytes of `struct landlock_ruleset_attr` a version knows.
  static func size(version: Int) -> Int { version >= 6 ? 24 : version >= 4 ? 16 : 8 }
}

extension Landlock {
  /// Whether the domain refuses to bind a datagram socket, and to send from one; true where there is no such socket.
  ///
  /// That files are refused shows that the domain is in force, with the rights that it was made of; this shows that the
  /// kernel knows these rights by the same numbers. Named Unix sockets can't be tried here: none is in reach.
  static func refusesDatagrams() -> Bool {
    let raw = Kernel.raw(.socket, Int(AF_INET), Int(CLINUX_SOCK_DGRAM | CLINUX_SOCK_CLOEXEC), 0)
    guard raw >= 0 else { return true }
    let socket = Descriptor(owning: Int32(raw))
    // struct sockaddr_in: the family; port 0 and every address of this host.
    var address = (UInt64(AF_INET), UInt64(0))
    let number = Int(socket.raw)
    return unsafe withUnsafePointer(to: &address) {
      // SAFETY: the kernel reads the 16 bytes during each call.
      Kernel.raw(SystemCall("bind", SYS_bind), number, Int(bitPattern: $0), 16) == -Int(EACCES)
        && Kernel.raw(SystemCall("connect", SYS_connect), number, Int(bitPattern: $0), 16) == -Int(EACCES)
    }
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
      let rights = Landlock.rights(version: version)
      var ruleset = clinux_landlock_ruleset(
        handled_access_fs: UInt64(rights.files), handled_access_net: UInt64(rights.network),
        scoped: UInt64(rights.scopes))
      let size = Landlock.size(version: version)
      let raw = unsafe withUnsafePointer(to: &ruleset) {
        // SAFETY: the kernel reads `size` bytes, at most the structure's 24, during the call.
        Kernel.raw(.landlockCreateRuleset, Int(bitPattern: $0), size, 0)
      }
      guard raw > 0 else { throw SystemError(call: "landlock_create_ruleset", code: raw < 0 ? Int32(-raw) : ENOSYS) }
      let domain = Descriptor(owning: Int32(raw))
      // A directory that could be opened can't be any more.
      if mayBeAnswered { _ = try StepEvidence.seen("landlock_restrict_self", Self.refusal == 0) }
      // The first call that the domain refuses is our own: it is no news for the audit log (from version 7 on).
      try Kernel.call(.landlockRestrictSelf, Int(domain.raw), version >= 7 ? Landlock.withoutLog : 0)
      let evidence = try StepEvidence.seen("landlock_restrict_self", Self.refusal == EACCES)
      // An outer filter may kill for calls that no start makes on other kernels.
      if version >= 10, !mayBeAnswered { _ = try StepEvidence.seen("bind", Landlock.refusesDatagrams()) }
      entered = version
      return evidence
    }
    landlockVersion = entered
  }
}

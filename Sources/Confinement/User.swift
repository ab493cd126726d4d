import CLinux
import Host
import Text

/// The user that a tender started as root becomes.
package enum User: Equatable, Sendable {
  /// A user id that no other process has: in the host's PID namespace 0x78000000 + pid, in others between that and
  /// 0x7fffffff, see `User.own(process:)`.
  case automatic
  /// Given ids, neither of them 0.
  case given(user: UInt32, group: UInt32)

  /// `nobody`, for where the id of its own isn't mapped.
  static var nobody: UInt32 { 65534 }

  /// The inode number of the host's PID namespace (`PROC_PID_INIT_INO` of linux/proc_ns.h), the lowest of all.
  static var hostNamespace: UInt64 { 0xefff_fffc }

  /// The user id of a process's own, with its id in the PID namespace of an inode number.
  ///
  /// Containers share the host's users while each has a process 1, and a process id says nothing across them. Namespaces
  /// have inode numbers that follow one another: multiplied by 2³² over the golden ratio they lie as far apart as so many can
  /// among 2²⁷ ids.
  static func own(process: UInt32, namespace: UInt64) -> UInt32 {
    let offset = UInt32(truncatingIfNeeded: namespace &- hostNamespace) &* 0x9e37_79b1 >> 5
    return 0x7800_0000 | (process &+ offset) & 0x07ff_ffff
  }

  /// The user id of this process's own; without `/proc` as if it were in the host's PID namespace.
  static func own() throws(SystemError) -> UInt32 {
    let namespace = (try? FileStatus(at: "/proc/self/ns/pid"))?.inode
    return own(process: try Identity.process(), namespace: namespace ?? hostNamespace)
  }
}

extension Seal {
  /// As root, gives up the supplementary groups and becomes a user that owns nothing and shares nothing.
  ///
  /// Processes of one user may signal and limit each other, and trace each other while dumpable; so each tender takes an
  /// id of its own.
  ///
  /// Where the user namespace may be missing it also empties the bounding set, which only root can, so that nothing that
  /// the tender could execute would gain a capability of the host's. A user namespace starts with a full one in any
  /// case, which `dropCapabilities` empties.
  package mutating func becomeUser(_ user: User) throws(Refusal) {
    let caller: Identity.Owner
    do throws(SystemError) { caller = try Identity.owner() } catch { return try miss(.user, error) }
    // An ordinary user keeps its ids and groups: the kernel lets nobody but root change them.
    guard caller.isRoot else { return note(.user, "not started as root: the launcher's ids and groups stay") }
    var warned = false
    let confinement = confinement
    try take(.user) { () throws(SystemError) in
      // Who is root in name only, by the real or the saved id, becomes it in deed to give it up.
      if caller.user != 0 { try Kernel.call(.setresuid, -1, 0, -1) }
      try Kernel.call(.setgroups, 0, 0)
      if confinement == .fallback { Self.dropBoundingSet() }
      switch user {
      case .given(let user, let group): try Self.become(user, group)
      case .automatic:
        let own = try User.own()
        do throws(SystemError) {
          try Self.become(own, own)
        } catch {
          guard error.code == EINVAL else { throw error }
          try Self.become(User.nobody, User.nobody)
          warned = true
        }
      }
    }
    if warned {
      amend(.user, "shared: no user id of its own is mapped here")
      warn("no user id of its own is mapped here: running as \(User.nobody), which other processes may share")
    }
  }

  /// A filter that answers a call without making it isn't believed.
  private static func become(_ user: UInt32, _ group: UInt32) throws(SystemError) {
    try Kernel.call(.setresgid, Int(group), Int(group), Int(group))
    try Kernel.call(.setresuid, Int(user), Int(user), Int(user))
    let now = try Identity.owner()
    guard now.isUniform, now.user == user, now.group == group, now.groups.isEmpty else {
      throw SystemError(call: "setresuid", code: ENOSYS)
    }
  }

  private static func dropBoundingSet() {
    var capability = 0
    while Kernel.raw(.prctl, Int(PR_CAPBSET_DROP), capability) == 0 { capability += 1 }
  }
}

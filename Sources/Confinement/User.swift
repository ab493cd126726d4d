import CCalls
import CCap
import CLinux
import Host
import Text

/// The user that a tender becomes when root starts it.
package enum User: Equatable, Sendable {
  /// A user id that no other process has. In the host's PID namespace it is 0x78000000 + pid, in others between that
  /// and 0x7fffffff (see `own(process:namespace:)`). If these ids aren't mapped, it is one of the upper half of the
  /// mapped ids.
  case automatic
  /// Given ids, neither of them 0.
  case given(user: UInt32, group: UInt32)

  /// The inode number of the host's PID namespace (`PROC_PID_INIT_INO` of linux/proc_ns.h), the lowest of all.
  static var hostNamespace: UInt64 { 0xefff_fffc }

  /// How many ids are tried one after the other before none is found free.
  private static var attempts: UInt32 { 64 }

  /// The user id of a process's own, with its id in the PID namespace of an inode number.
  ///
  /// Containers share the host's users while each has a process 1, and a process id says nothing across them.
  /// Namespaces have inode numbers that follow one another: multiplied by 2³² over the golden ratio they lie as far
  /// apart as so many can among 2²⁷ ids.
  static func own(process: UInt32, namespace: UInt64) -> UInt32 {
    let offset = UInt32(truncatingIfNeeded: namespace &- hostNamespace) &* 0x9e37_79b1 >> 5
    return 0x7800_0000 | (process &+ offset) & 0x07ff_ffff
  }

  /// The first ids of a process's own that no process has: its user's and its group's, which are the same number.
  static func free() throws(SystemError) -> (user: UInt32, group: UInt32)? {
    let first = try own()
    for attempt in 0..<attempts where !hasProcess(first &+ attempt) { return (first &+ attempt, first &+ attempt) }
    return nil
  }

  /// The first ids from the upper half of those that are mapped here that no process has.
  ///
  /// - Returns: Nil where each id that was looked at has a process, or the maps can't be read.
  static func freeMapped() throws(SystemError) -> (user: UInt32, group: UInt32)? {
    guard let users = IDMap(at: "/proc/self/uid_map"), let groups = IDMap(at: "/proc/self/gid_map") else { return nil }
    let process = try Identity.process()
    for attempt in 0..<attempts {
      guard let user = users.upper(process &+ attempt), !hasProcess(user) else { continue }
      guard let group = groups.has(user) ? user : groups.upper(process &+ attempt) else { continue }
      return (user, group)
    }
    return nil
  }

  /// The user id of this process's own; without `/proc` as if it were in the host's PID namespace.
  private static func own() throws(SystemError) -> UInt32 {
    let namespace = (try? FileStatus(at: "/proc/self/ns/pid"))?.inode
    return own(process: try Identity.process(), namespace: namespace ?? hostNamespace)
  }

  /// Whether the kernel knows of a process with this real user id in this PID namespace; if it can't be asked, there
  /// may be.
  private static func hasProcess(_ user: UInt32) -> Bool {
    Kernel.raw(.getpriority, Int(CLINUX_PRIO_USER), Int(user)) != -Int(ESRCH)
  }
}

extension Seal {
  /// As root, gives up the supplementary groups and becomes a user that owns nothing and shares nothing.
  ///
  /// Processes of one user may signal and limit each other, and trace each other while they are dumpable. So each
  /// tender takes an id of its own.
  ///
  /// If the user namespace may be missing, it also empties the bounding set, which only root can do. Then no file that
  /// the tender could execute gains a capability of the host's. A user namespace starts with a full bounding set in any
  /// case, which `dropCapabilities` empties.
  ///
  /// - Throws: a refusal where root of the host can't become another user.
  package mutating func becomeUser(_ user: User) throws(Refusal) {
    let caller: Identity.Owner
    do throws(SystemError) { caller = try Identity.owner() } catch { return try miss(.user, error) }
    owner = caller
    // An ordinary user keeps its ids and groups: the kernel lets nobody but root change them.
    guard caller.isRoot else { return note(.user, "not started as root: the launcher's ids and groups stay") }
    if Omission.concerns(.user) { return }
    let isStoppable: Bool
    do throws(SystemError) {
      isStoppable = try Capabilities.Held().has(CAP_KILL)
    } catch {
      return try miss(.user, error)
    }
    do throws(SystemError) {
      // Who is root in name only, by the real or the saved id, becomes it in deed to give it up.
      if caller.user != 0 { try Kernel.call(.setresuid, -1, 0, -1) }
      try Self.leaveGroups(caller.group, mayBeAnswered: mayBeAnswered)
      if confinement == .fallback { Self.dropBoundingSet() }
      switch user {
      case .given(let user, let group): try Self.become(user, group)
      case .automatic: try Self.becomeFree()
      }
      owner = try Identity.owner()
    } catch {
      return try stayRoot(error, asked: user)
    }
    if !Omission.concerns(.dumpable) { try checkUndumpable() }
    if !isStoppable {
      warn(
        "without CAP_KILL its launcher can't signal this tender, which has a user of its own: give it that capability (podman and docker: --cap-add=KILL), or start as an ordinary user"
      )
    }
    record(.user)
  }

  /// Gives up the supplementary groups.
  ///
  /// That there are none is an answer of 0, which says something only of who also gives another one.
  private static func leaveGroups(_ own: UInt32, mayBeAnswered: Bool) throws(SystemError) {
    if mayBeAnswered {
      var group = own
      _ = try unsafe withUnsafePointer(to: &group) { (group) throws(SystemError) in
        // SAFETY: the kernel reads the one id of four bytes during the call.
        try Kernel.call(.setgroups, 1, Int(bitPattern: group))
      }
      guard try Kernel.call(.getgroups, 0, 0) == 1 else { throw SystemError(call: "getgroups", code: ENOSYS) }
    }
    try Kernel.call(.setgroups, 0, 0)
  }

  /// Goes on as the root of a user namespace that can't become another user; outside it is an ordinary one.
  ///
  /// - Throws: a refusal where it is the host's root, or where another user was asked for.
  private mutating func stayRoot(_ error: SystemError, asked: User) throws(Refusal) {
    let map = IDMap(at: "/proc/self/uid_map")
    guard case .automatic = asked, let outside = map?.outside(of: 0), outside != 0 else {
      let remedy: Text
      let held = try? Capabilities.Held()
      if error.code == EPERM, let held, !held.has(CAP_SETUID) || !held.has(CAP_SETGID) {
        remedy =
          "root has no CAP_SETUID or CAP_SETGID here: add them, or start as an ordinary user (podman and docker: --cap-add=SETUID,SETGID, or --user=1000)"
      } else if [map, IDMap(at: "/proc/self/gid_map")].contains(where: { $0.map { $0.upper(0) == nil } ?? false }) {
        remedy =
          "nobody but root is mapped into this user namespace: map more users and groups, or start as an ordinary user"
      } else if IDMap.deniesGroups {
        remedy = "allow setgroups in this user namespace (/proc/PID/setgroups is deny), or start as an ordinary user"
      } else if let filter = filterRemedy(error.call, held: ccalls_root.rawValue | ccalls_groups.rawValue) {
        remedy = filter
      } else {
        remedy = "name a user and group that are mapped here and in use by nobody, by --user=UID:GID"
      }
      throw Refusal(step: .user, reason: error.message, remedy: remedy)
    }
    do throws(SystemError) { owner = try Identity.owner() } catch { return try miss(.user, error) }
    let reason: Text = "root of a user namespace that can't become another user (\(error.message))"
    note(.user, "\(reason): it stays user \(outside) of the namespace outside")
  }

  /// Becomes a user that no other process has.
  private static func becomeFree() throws(SystemError) {
    if let own = try User.free() {
      do throws(SystemError) {
        return try become(own.user, own.group)
      } catch {
        guard error.code == EINVAL else { throw error }
      }
    }
    guard let mapped = try User.freeMapped() else { throw SystemError(call: "setresuid", code: EINVAL) }
    try become(mapped.user, mapped.group)
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
    for capability in Capabilities.numbers {
      guard Kernel.raw(.prctl, Int(PR_CAPBSET_DROP), capability) == 0 else { return }
    }
  }
}

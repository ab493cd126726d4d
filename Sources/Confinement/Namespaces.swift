import CLinux
import Host
import Text

/// A kind of namespace: the step that enters one, its flag for `unshare`, and its file below `/proc/self/ns`.
private struct Kind {
  let step: Step
  let flag: Int32
  let name: StaticString

  /// User first, which owns the others.
  static var all: [Kind] {
    [
      Kind(step: .userNamespace, flag: CLONE_NEWUSER, name: "user"),
      Kind(step: .mountNamespace, flag: CLONE_NEWNS, name: "mnt"),
      Kind(step: .netNamespace, flag: CLONE_NEWNET, name: "net"),
      Kind(step: .ipcNamespace, flag: CLONE_NEWIPC, name: "ipc"),
      Kind(step: .utsNamespace, flag: CLONE_NEWUTS, name: "uts"),
      Kind(step: .cgroupNamespace, flag: CLONE_NEWCGROUP, name: "cgroup"),
    ].filter { !Omission.concerns($0.step) }
  }

  /// The namespace that this process is in, nil where the kernel can't be asked.
  var current: FileStatus? { try? FileStatus(at: "/proc/thread-self/ns/\(name)") }

  /// Whether this process is still in a namespace that it was in.
  func isStill(_ before: FileStatus?) -> Bool {
    guard let before, let current else { return false }
    return current.isSame(as: before)
  }
}

extension Seal {
  /// Enters namespaces of its own: user first, which owns the others and lets an ordinary user make them.
  ///
  /// One call makes all of them, which is faster; where the kernel refuses that, each is tried alone to learn which it
  /// refuses. It needs a single thread, and must come before the machine is made, because some kernels then add a thread.
  ///
  /// A filter that answers a call without making it isn't believed. One call is made or not: where the ids could be
  /// mapped, it was. In the other cases each namespace is compared with the one before.
  package mutating func enterNamespaces() throws(Refusal) {
    let owner: Identity.Owner
    do throws(SystemError) {
      owner = try Identity.owner()
    } catch {
      throw Refusal(step: .userNamespace, reason: error.message)
    }
    // In a namespace without maps nobody has an id.
    self.owner = owner
    let kinds = Kind.all.filter { !isApplied($0.step) }
    var before = confinement == .fallback ? kinds.map { $0.current } : []
    let all = kinds.reduce(0) { $0 | $1.flag }
    if Kernel.raw(.unshare, Int(all)) == 0 {
      for (index, kind) in kinds.enumerated() {
        try enter(kind, from: isApplied(.userNamespace) || before.isEmpty ? nil : before[index], owner)
      }
    } else {
      before = kinds.map { $0.current }
      for (kind, before) in zip(kinds, before) {
        let result = Kernel.raw(.unshare, Int(kind.flag))
        if result == 0 {
          try enter(kind, from: before, owner)
        } else {
          try miss(kind.step, SystemError(call: "unshare", code: Int32(-result)))
        }
      }
    }
  }

  /// Records a namespace that `unshare` says it has made.
  private mutating func enter(
    _ kind: Kind, from before: FileStatus?, _ owner: Identity.Owner
  ) throws(Refusal) {
    if kind.isStill(before) { return try miss(kind.step, SystemError(call: "unshare", code: ENOSYS)) }
    if kind.step == .userNamespace { return try mapUser(owner) }
    try take(kind.step) { () throws(SystemError) in }
  }

  /// Maps the user and group to themselves in the new user namespace, as an ordinary user may.
  ///
  /// `/proc/self` belongs to root while the process isn't dumpable: it is for just as long as the maps take.
  private mutating func mapUser(_ owner: Identity.Owner) throws(Refusal) {
    let (user, group) = (owner.user, owner.group)
    try take(.userNamespace) { () throws(SystemError) in
      try Kernel.control(PR_SET_DUMPABLE, 1)
      defer { if !Omission.concerns(.dumpable) { _ = Kernel.raw(.prctl, Int(PR_SET_DUMPABLE), 0) } }
      try ProcessFile.write("/proc/self/setgroups", "deny")
      try ProcessFile.write("/proc/self/uid_map", "\(user) \(user) 1")
      try ProcessFile.write("/proc/self/gid_map", "\(group) \(group) 1")
    }
  }
}

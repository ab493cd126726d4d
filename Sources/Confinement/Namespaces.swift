import CLinux
import Host
import Text

/// A kind of namespace: the step that enters one, its flag for `unshare`, and its file below `/proc/self/ns`.
private struct NamespaceKind {
  let step: Step
  let flag: Int32
  let name: StaticString

  /// User first, which owns the others.
  static var all: [NamespaceKind] {
    [
      NamespaceKind(step: .userNamespace, flag: CLONE_NEWUSER, name: "user"),
      NamespaceKind(step: .mountNamespace, flag: CLONE_NEWNS, name: "mnt"),
      NamespaceKind(step: .netNamespace, flag: CLONE_NEWNET, name: "net"),
      NamespaceKind(step: .ipcNamespace, flag: CLONE_NEWIPC, name: "ipc"),
      NamespaceKind(step: .utsNamespace, flag: CLONE_NEWUTS, name: "uts"),
      NamespaceKind(step: .cgroupNamespace, flag: CLONE_NEWCGROUP, name: "cgroup"),
    ].filter { !Omission.concerns($0.step) }
  }

  /// The namespace that this process is in, nil where the kernel can't be asked.
  var current: FileStatus? { try? FileStatus(at: OwnNamespace.path(name)) }

  /// Whether this process is, as far as the kernel can be asked, in another namespace than it was.
  func isAnother(than before: FileStatus?) -> Bool {
    guard let before, let current else { return false }
    return !current.isSame(as: before)
  }
}

extension Seal {
  /// Enters namespaces of the tender's own: the user namespace first, which owns the others and lets an ordinary user
  /// make them.
  ///
  /// The user namespace has no ids, because nobody in it needs one. So the process need never be dumpable to write
  /// maps, and `/proc` need not be mounted. Nobody can make a further user namespace inside: its maker would need an id
  /// in this one (`create_user_ns` of kernel/user_namespace.c).
  ///
  /// One call makes all of them, which is faster. If the kernel refuses that call, each is tried alone, to learn which
  /// it refuses. The call needs a single thread. So it comes before the machine is made, because some kernels then add
  /// a thread.
  ///
  /// A filter that answers a call without making it isn't believed. A new user namespace grants all capabilities to a
  /// process that had none. If it did, the one call was made, with all its flags. In the other cases each namespace is
  /// compared with the one before. A namespace that can't be compared doesn't count.
  package mutating func enterNamespaces() throws(Refusal) {
    var kinds = NamespaceKind.all
    // A user namespace grants capabilities: none is made where they couldn't be dropped again.
    do throws(SystemError) {
      var held = try Capabilities.Held()
      try held.set()
    } catch {
      try miss(
        .userNamespace, "\(error.message), so the capabilities that it grants could not be dropped",
        remedy: filterRemedy(error.call, held: 0)
          ?? "let \(error.call) be made (an outer filter or a security module forbids it)")
      kinds.removeAll { $0.step == .userNamespace }
    }
    kinds.removeAll { isApplied($0.step) }
    // Where there is no other way to go on, and the capabilities tell, nothing is asked that takes time.
    let isToldByCapabilities = confinement == .full && kinds.first?.step == .userNamespace
    let before = isToldByCapabilities ? [] : kinds.map { $0.current }
    let all = kinds.reduce(0) { $0 | $1.flag }
    if Kernel.raw(.unshare, Int(all)) == 0 {
      for (index, kind) in kinds.enumerated() {
        try enter(kind, isSeen: isApplied(.userNamespace) || !before.isEmpty && kind.isAnother(than: before[index]))
      }
    } else {
      for kind in kinds {
        let before = kind.current
        let result = Kernel.raw(.unshare, Int(kind.flag))
        if result == 0 {
          try enter(kind, isSeen: kind.isAnother(than: before))
        } else {
          let error = SystemError(call: "unshare", code: Int32(-result))
          // Who has no user namespace may make no other one.
          if kind.step != .userNamespace, error.code == EPERM, !isApplied(.userNamespace) {
            try miss(kind.step, error.message, remedy: Step.userNamespace.referral)
          } else {
            try miss(kind.step, error)
          }
        }
      }
    }
  }

  /// Records a namespace that `unshare` says it has made.
  ///
  /// - Parameters:
  ///   - kind: what was made.
  ///   - isSeen: whether something else shows it; a user namespace shows itself.
  /// - Throws: a refusal where nothing shows it, and it isn't forgiven.
  private mutating func enter(_ kind: NamespaceKind, isSeen: Bool) throws(Refusal) {
    try establish(kind.step) { () throws(SystemError) in
      try .seen("unshare", kind.step == .userNamespace ? Capabilities.Held().isPermitted : isSeen)
    }
  }
}

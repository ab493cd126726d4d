import CLinux
import Host
import Text

extension Seal {
  private static var kinds: [(step: Step, flag: Int32)] {
    [
      (.userNamespace, CLONE_NEWUSER), (.mountNamespace, CLONE_NEWNS), (.netNamespace, CLONE_NEWNET),
      (.ipcNamespace, CLONE_NEWIPC), (.utsNamespace, CLONE_NEWUTS), (.cgroupNamespace, CLONE_NEWCGROUP),
    ].filter { !Omission.concerns($0.step) }
  }

  /// Enters namespaces of its own: user first, which owns the others and lets an ordinary user make them.
  ///
  /// One call makes all of them, which is faster; where the kernel refuses that, each is tried alone to learn which it
  /// refuses. It needs a single thread, and must come before the machine is made, because some kernels then add a thread.
  package mutating func enterNamespaces() throws(Refusal) {
    let all = Self.kinds.reduce(0) { $0 | $1.flag }
    let user: UInt32
    let group: UInt32
    do throws(SystemError) {
      user = try Identity.user()
      group = try Identity.group()
    } catch {
      throw Refusal(step: .userNamespace, reason: error.message)
    }
    if Kernel.raw(.unshare, Int(all)) == 0 {
      for kind in Self.kinds {
        if kind.step == .userNamespace {
          try mapUser(user, group)
        } else {
          try take(kind.step) { () throws(SystemError) in }
        }
      }
    } else {
      for kind in Self.kinds { try enter(kind.step, kind.flag, user, group) }
    }
  }

  private mutating func enter(_ step: Step, _ flag: Int32, _ user: UInt32, _ group: UInt32) throws(Refusal) {
    let result = Kernel.raw(.unshare, Int(flag))
    guard result == 0 else {
      return try miss(step, SystemError(call: "unshare", code: Int32(-result)))
    }
    if step == .userNamespace {
      try mapUser(user, group)
    } else {
      try take(step) { () throws(SystemError) in }
    }
  }

  /// Maps the user and group to themselves in the new user namespace, as an ordinary user may.
  ///
  /// `/proc/self` belongs to root while the process isn't dumpable: it is for just as long as the maps take.
  private mutating func mapUser(_ user: UInt32, _ group: UInt32) throws(Refusal) {
    try take(.userNamespace) { () throws(SystemError) in
      try Kernel.control(PR_SET_DUMPABLE, 1)
      defer { if !Omission.concerns(.dumpable) { _ = Kernel.raw(.prctl, Int(PR_SET_DUMPABLE), 0) } }
      try ProcessFile.write("/proc/self/setgroups", "deny")
      try ProcessFile.write("/proc/self/uid_map", "\(user) \(user) 1")
      try ProcessFile.write("/proc/self/gid_map", "\(group) \(group) 1")
    }
  }
}

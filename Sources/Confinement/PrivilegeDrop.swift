import CLinux
import Host
import Text

extension Seal {
  /// Drops all capabilities, those of the user namespace too, empties the bounding set and locks the securebits.
  ///
  /// Without a user namespace of its own an ordinary user can't change its bounding set or securebits; it then has no
  /// capability to lose, and no-new-privs keeps it so.
  package mutating func dropCapabilities() throws(Refusal) {
    let unprivileged = !isApplied(.userNamespace)
    let mayBeAnswered = mayBeAnswered
    var partly = false
    try take(.capabilities) { () throws(SystemError) in
      if mayBeAnswered, !unprivileged { try Capabilities.checkBoundingSetIsFull() }
      do throws(SystemError) {
        try Capabilities.seal(mayBeAnswered: mayBeAnswered)
      } catch {
        guard unprivileged else { throw error }
        try Capabilities.clear()
        partly = true
      }
    }
    guard partly else { return }
    let rest: Text = "no capability is held, but without a user namespace only root can empty the bounding set"
    amend(.capabilities, "securebits aren't locked: \(rest)")
    warn("running with the launcher's securebits: \(rest)")
  }

  /// Makes sure that executing a file never grants a privilege; seccomp and Landlock ask for it too.
  package mutating func forbidNewPrivileges() throws(Refusal) {
    try take(.noNewPrivileges) { () throws(SystemError) in
      try Kernel.control(PR_SET_NO_NEW_PRIVS, 1)
      guard try Kernel.control(PR_GET_NO_NEW_PRIVS) == 1 else {
        throw SystemError(call: "prctl(PR_SET_NO_NEW_PRIVS)", code: ENOSYS)
      }
    }
  }
}

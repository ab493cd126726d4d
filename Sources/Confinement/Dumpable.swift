import CLinux
import Host
import Text

extension Seal {
  /// Keeps other processes of the same user from tracing this one and from taking its descriptors, before it opens any.
  ///
  /// Whenever a process changes its user, the kernel makes it as dumpable as `fs.suid_dumpable` says (proc_sys_fs(5)).
  /// Root will change its user later. So root first changes its file-system user id, which it can take back, and looks
  /// whether the process is dumpable then.
  ///
  /// - Throws: a refusal where it is dumpable all the same, or changing the user would make it so.
  package func forbidTracing() throws(Refusal) {
    if Omission.concerns(.dumpable) { return }
    do throws(SystemError) {
      try Self.checkAnswers()
      try Self.forbidDumping()
    } catch {
      throw Refusal(step: .dumpable, reason: error.message)
    }
    // Only root of some namespace is going to be another user.
    guard Kernel.raw(.setfsuid, -1) == 0 else { return }
    _ = Kernel.raw(.setfsuid, 1)
    _ = Kernel.raw(.setfsuid, 0)
    try checkUndumpable()
    do throws(SystemError) { try Self.forbidDumping() } catch { throw Refusal(step: .dumpable, reason: error.message) }
  }

  /// Makes sure that a change of the user hasn't made the process traceable by that user.
  func checkUndumpable() throws(Refusal) {
    let answer = Kernel.raw(.prctl, Int(PR_GET_DUMPABLE))
    // 2 is for root alone to look at.
    if answer == 0 || answer == 2 { return }
    guard answer > 0 else {
      throw Refusal(step: .dumpable, reason: SystemError(call: "prctl", code: Int32(-answer)).message)
    }
    throw Refusal(
      step: .dumpable, reason: "fs.suid_dumpable is 1: who changes its user could be traced by that user",
      remedy: "set it to 0 or 2 (sysctl fs.suid_dumpable=0)")
  }

  /// Makes sure that the process has stayed undumpable.
  package mutating func becomeUndumpable() throws(Refusal) {
    if Omission.concerns(.dumpable) { _ = Kernel.raw(.prctl, Int(PR_SET_DUMPABLE), 1) }
    try take(.dumpable) { () throws(SystemError) in try Self.forbidDumping() }
  }

  /// Makes sure that the kernel itself says whether this process is dumpable, for a filter gives one answer only, and 0
  /// will be wanted.
  ///
  /// Who can't read its program's file starts undumpable, and is the other way for a moment in which nothing is open
  /// but what was handed over.
  private static func checkAnswers() throws(SystemError) {
    if try Kernel.control(PR_GET_DUMPABLE) != 0 { return }
    try Kernel.control(PR_SET_DUMPABLE, 1)
    guard try Kernel.control(PR_GET_DUMPABLE) == 1 else {
      throw SystemError(call: "prctl(PR_GET_DUMPABLE)", code: ENOSYS)
    }
  }

  /// A filter that answers a call without making it isn't believed.
  private static func forbidDumping() throws(SystemError) {
    try Kernel.control(PR_SET_DUMPABLE, 0)
    guard try Kernel.control(PR_GET_DUMPABLE) == 0 else {
      throw SystemError(call: "prctl(PR_SET_DUMPABLE)", code: ENOSYS)
    }
  }
}

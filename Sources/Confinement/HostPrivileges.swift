import CCap
import CLinux
import Host
import Text

extension Seal {
  /// Drops every capability that the host granted, before a namespace grants others.
  ///
  /// It covers what `setresuid` leaves: capabilities of an ordinary user's, from the file or ambient.
  package mutating func dropHostPrivileges() throws(Refusal) {
    try take(.hostPrivileges) { () throws(SystemError) in try Capabilities.clear() }
  }
}

/// The capability sets of this process, through libcap.
enum Capabilities {
  /// Empties the permitted, effective, inheritable and ambient sets.
  static func clear() throws(SystemError) {
    if Kernel.raw(.prctl, Int(PR_CAP_AMBIENT), Int(PR_CAP_AMBIENT_CLEAR_ALL)) < 0 {
      throw SystemError(call: "prctl(PR_CAP_AMBIENT)", code: EPERM)
    }
    // SAFETY: libcap hands over a state of its own, which is freed once, below.
    let none = unsafe cap_init()
    defer { _ = unsafe cap_free(UnsafeMutableRawPointer(none)) }
    guard unsafe cap_set_proc(none) == 0 else { throw SystemError(call: "capset", code: EPERM) }
  }

  /// Empties all five sets and locks the securebits, so that not even executing a file gives a capability back.
  static func seal() throws(SystemError) {
    guard cap_set_mode(CAP_MODE_NOPRIV) == 0 else { throw SystemError(call: "cap_set_mode", code: EPERM) }
    // libcap asks the kernel anew: a filter that answers calls without making them isn't believed.
    guard cap_get_mode() == CAP_MODE_NOPRIV else { throw SystemError(call: "cap_get_mode", code: ENOSYS) }
  }
}

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
    guard areEmpty() else { throw SystemError(call: "capset", code: ENOSYS) }
  }

  /// Whether the kernel says that the permitted, effective and inheritable sets are empty, and with them the ambient one.
  ///
  /// A filter that answers calls without making them isn't believed: neither to have set anything, nor to have written
  /// the answer, which starts as full sets here (capget(2); `_LINUX_CAPABILITY_VERSION_3`).
  private static func areEmpty() -> Bool {
    var header: InlineArray<2, UInt32> = [0x2008_0522, 0]
    var sets = InlineArray<6, UInt32>(repeating: .max)
    let result = unsafe withUnsafeMutablePointer(to: &header) { header in
      unsafe withUnsafeMutablePointer(to: &sets) { sets in
        // SAFETY: the kernel reads and writes the header's two words and writes the sets' six during the call.
        Kernel.raw(.capget, Int(bitPattern: header), Int(bitPattern: sets))
      }
    }
    guard result == 0 else { return false }
    for index in sets.indices where sets[index] != 0 { return false }
    return true
  }

  /// Empties all five sets and locks the securebits, so that not even executing a file gives a capability back.
  static func seal() throws(SystemError) {
    guard cap_set_mode(CAP_MODE_NOPRIV) == 0 else { throw SystemError(call: "cap_set_mode", code: EPERM) }
    // libcap asks the kernel anew: a filter that answers calls without making them isn't believed.
    guard cap_get_mode() == CAP_MODE_NOPRIV else { throw SystemError(call: "cap_get_mode", code: ENOSYS) }
  }
}

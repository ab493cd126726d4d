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
  ///
  /// Where they are empty no call is made that an outer filter could forbid.
  static func clear() throws(SystemError) {
    if try held().isEmpty { return }
    if Kernel.raw(.prctl, Int(PR_CAP_AMBIENT), Int(PR_CAP_AMBIENT_CLEAR_ALL)) < 0 {
      throw SystemError(call: "prctl(PR_CAP_AMBIENT)", code: EPERM)
    }
    // SAFETY: libcap hands over a state of its own, which is freed once, below.
    let none = unsafe cap_init()
    defer { _ = unsafe cap_free(UnsafeMutableRawPointer(none)) }
    guard unsafe cap_set_proc(none) == 0 else { throw SystemError(call: "capset", code: EPERM) }
    guard try held().isEmpty else { throw SystemError(call: "capset", code: ENOSYS) }
  }

  /// What an outer filter says of emptying sets that are empty, which the kernel allows everybody; nil where nothing forbids it.
  static func forbidden() -> SystemError? {
    var header: InlineArray<2, UInt32> = [0x2008_0522, 0]
    var sets = InlineArray<6, UInt32>(repeating: 0)
    let result = unsafe withUnsafeMutablePointer(to: &header) { header in
      unsafe withUnsafeMutablePointer(to: &sets) { sets in
        // SAFETY: the kernel reads the header's two words and the sets' six during the call.
        Kernel.raw(.capset, Int(bitPattern: header), Int(bitPattern: sets))
      }
    }
    return result < 0 ? SystemError(call: "capset", code: Int32(-result)) : nil
  }

  /// What the kernel says of a process's sets.
  struct Held {
    /// Whether the permitted set, and with it the effective one, holds anything.
    let isPermitted: Bool
    /// Whether the permitted, effective and inheritable sets are empty, and with them the ambient one.
    let isEmpty: Bool
  }

  /// The sets of this process (capget(2); `_LINUX_CAPABILITY_VERSION_3`).
  ///
  /// A filter that answers the call without making it isn't believed: what the kernel hasn't written isn't an answer.
  static func held() throws(SystemError) -> Held {
    var header: InlineArray<2, UInt32> = [0x2008_0522, 0]
    // No capability has these numbers: the kernel never sets them.
    let unwritten: UInt32 = 0xffff_ffff
    var sets = InlineArray<6, UInt32>(repeating: unwritten)
    let result = unsafe withUnsafeMutablePointer(to: &header) { header in
      unsafe withUnsafeMutablePointer(to: &sets) { sets in
        // SAFETY: the kernel reads and writes the header's two words and writes the sets' six during the call.
        Kernel.raw(.capget, Int(bitPattern: header), Int(bitPattern: sets))
      }
    }
    guard result == 0 else { throw SystemError(call: "capget", code: Int32(-result)) }
    // Effective, permitted and inheritable, first of the capabilities from 0 on, then of those from 32 on.
    guard sets[3] != unwritten, sets[4] != unwritten, sets[5] != unwritten else {
      throw SystemError(call: "capget", code: ENOSYS)
    }
    var isEmpty = true
    for index in sets.indices where sets[index] != 0 { isEmpty = false }
    return Held(isPermitted: sets[1] | sets[4] != 0, isEmpty: isEmpty)
  }

  /// Empties all five sets and locks the securebits, so that not even executing a file gives a capability back.
  static func seal() throws(SystemError) {
    guard cap_set_mode(CAP_MODE_NOPRIV) == 0 else { throw SystemError(call: "cap_set_mode", code: EPERM) }
    // libcap asks the kernel anew: a filter that answers calls without making them isn't believed.
    guard cap_get_mode() == CAP_MODE_NOPRIV else { throw SystemError(call: "cap_get_mode", code: ENOSYS) }
  }
}

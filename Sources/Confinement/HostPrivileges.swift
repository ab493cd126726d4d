import CCap
import CLinux
import Host
import Text

extension Seal {
  /// Drops every capability that the host granted, before a namespace grants others.
  ///
  /// `setresuid` leaves some: those that an ordinary user has from the program's file, and ambient ones.
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
    if try Held().isEmpty { return }
    if Kernel.raw(.prctl, Int(PR_CAP_AMBIENT), Int(PR_CAP_AMBIENT_CLEAR_ALL)) < 0 {
      throw SystemError(call: "prctl(PR_CAP_AMBIENT)", code: EPERM)
    }
    // SAFETY: libcap hands over a state of its own, which is freed once, below.
    let none = unsafe cap_init()
    defer { _ = unsafe cap_free(UnsafeMutableRawPointer(none)) }
    guard unsafe cap_set_proc(none) == 0 else { throw SystemError(call: "capset", code: EPERM) }
    guard try Held().isEmpty else { throw SystemError(call: "capset", code: ENOSYS) }
  }

  /// What the kernel says of a process's sets (capget(2); `_LINUX_CAPABILITY_VERSION_3`).
  ///
  /// Effective, permitted and inheritable, first of the capabilities from 0 on, then of those from 32 on.
  struct Held {
    private static var version: UInt32 { 0x2008_0522 }
    /// No set is ever full: what the kernel hasn't written isn't an answer.
    private static var unwritten: UInt32 { 0xffff_ffff }
    private var sets = InlineArray<6, UInt32>(repeating: unwritten)

    /// Asks the kernel; a filter that answers without it isn't believed.
    init() throws(SystemError) {
      try call(.capget)
      guard sets[3] != Self.unwritten, sets[4] != Self.unwritten, sets[5] != Self.unwritten else {
        throw SystemError(call: "capget", code: ENOSYS)
      }
    }

    /// Whether the effective set holds a capability from 0 to 31.
    func has(_ capability: Int32) -> Bool { sets[0] >> UInt32(capability) & 1 != 0 }

    /// Whether the permitted set, and with it the effective one, holds anything.
    var isPermitted: Bool { sets[1] | sets[4] != 0 }

    /// Whether the permitted, effective and inheritable sets are empty, and with them the ambient one.
    var isEmpty: Bool {
      for index in sets.indices where sets[index] != 0 { return false }
      return true
    }

    /// Sets them to what they are, which the kernel allows everybody: an outer filter may not.
    mutating func set() throws(SystemError) { try call(.capset) }

    private mutating func call(_ call: SystemCall) throws(SystemError) {
      var header: InlineArray<2, UInt32> = [Self.version, 0]
      let result = unsafe withUnsafeMutablePointer(to: &header) { header in
        unsafe withUnsafeMutablePointer(to: &sets) { sets in
          // SAFETY: the kernel reads and writes the header's two words and the sets' six during the call.
          Kernel.raw(call, Int(bitPattern: header), Int(bitPattern: sets))
        }
      }
      guard result == 0 else { throw SystemError(call: call.name, code: Int32(-result)) }
    }
  }

  /// The numbers that a capability can have: the kernel's sets are of 64 bits.
  static var numbers: Range<Int> { 0..<64 }

  /// Makes sure that the kernel itself says what is in the bounding set, for a filter gives one answer only, and 0 will
  /// be wanted.
  ///
  /// - Throws: `ENOSYS` where a capability isn't in it, which all are where a user namespace was just made.
  static func checkBoundingSetIsFull() throws(SystemError) {
    for capability in numbers {
      let answer = Kernel.raw(.prctl, Int(PR_CAPBSET_READ), capability)
      // The kernel has no more.
      if answer == -Int(EINVAL), capability > Int(CAP_SETPCAP) { return }
      guard answer == 1 else {
        throw SystemError(call: "prctl(PR_CAPBSET_READ)", code: answer < 0 ? Int32(-answer) : ENOSYS)
      }
    }
  }

  /// `CAP_SECURED_BITS_AMBIENT` of libcap: no id grants anything, nothing can be made ambient, and all of it is locked.
  private static var securebits: UInt32 {
    let chosen = UInt32(1 << SECURE_NOROOT | 1 << SECURE_NO_SETUID_FIXUP | 1 << SECURE_NO_CAP_AMBIENT_RAISE)
    return chosen | chosen << 1 | UInt32(1 << SECURE_KEEP_CAPS_LOCKED)
  }

  /// Empties all five sets and locks the securebits, so that not even executing a file gives a capability back.
  ///
  /// - Parameter mayBeAnswered: whether a filter may answer in the kernel's place. Then each capability is asked for
  ///   once more, in each set that has a question for one.
  /// - Throws: what the kernel refused; `ENOSYS` where it was answered, and not done.
  static func seal(mayBeAnswered: Bool) throws(SystemError) {
    // How many there are libcap has asked before anybody could look at the answers: the kernel says it here, twice.
    for capability in Int32(0)..<Int32(numbers.upperBound) where cap_drop_bound(capability) != 0 {
      guard capability > CAP_SETPCAP, cap_get_bound(capability) < 0 else {
        throw SystemError(call: "prctl(PR_CAPBSET_DROP)", code: EPERM)
      }
      break
    }
    guard cap_set_secbits(securebits) == 0 else { throw SystemError(call: "prctl(PR_SET_SECUREBITS)", code: EPERM) }
    try clear()
    guard mayBeAnswered ? cap_get_mode() == CAP_MODE_NOPRIV : cap_get_secbits() == securebits else {
      throw SystemError(call: "cap_get_mode", code: ENOSYS)
    }
  }
}

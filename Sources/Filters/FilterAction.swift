import CLinux

/// What the kernel does with a call on a filter's answer (`__seccomp_filter` in `kernel/seccomp.c`).
///
/// Two answers are equal exactly if the caller, the kernel's log and a tracer can't tell them apart. An action that the
/// kernel doesn't know kills the process. Of the data in the low 16 bits, only what the kernel uses counts.
struct FilterAction: Hashable, Sendable {
  /// The action with its data.
  ///
  /// All words that mean the same have one form here.
  let word: UInt32

  /// - Parameter returned: the word that the filter returns; of several filters, the strictest word.
  init(_ returned: UInt32) {
    let (action, data) = (returned & 0xffff_0000, returned & 0xffff)
    switch action {
    case UInt32(SECCOMP_RET_ALLOW), UInt32(SECCOMP_RET_LOG), UInt32(SECCOMP_RET_KILL_THREAD),
      UInt32(SECCOMP_RET_USER_NOTIF):
      word = action
    case UInt32(SECCOMP_RET_TRAP), UInt32(SECCOMP_RET_TRACE): word = returned
    // The kernel returns no number above MAX_ERRNO.
    case UInt32(SECCOMP_RET_ERRNO): word = action | min(data, 4095)
    default: word = UInt32(SECCOMP_RET_KILL_PROCESS)
    }
  }

  var action: UInt32 { word & 0xffff_0000 }

  /// Whether the call is made.
  ///
  /// A tracer or a supervisor may make a call that the kernel asks it about. The filter doesn't tell.
  var executes: Bool { action == UInt32(SECCOMP_RET_ALLOW) || action == UInt32(SECCOMP_RET_LOG) }

  /// The place in the kernel's order; the strictest action has the lowest (seccomp(2)).
  var rank: Int32 { Int32(bitPattern: action) }

  /// The word that counts if there are two filters.
  ///
  /// The kernel compares before it asks whether it knows the action.
  static func strictest(_ one: UInt32, _ other: UInt32) -> UInt32 {
    Int32(bitPattern: other & 0xffff_0000) < Int32(bitPattern: one & 0xffff_0000) ? other : one
  }

  /// The kernel's name for an action, without `SECCOMP_RET_` before it, nil for one that it doesn't know.
  static func name(of action: UInt32) -> String? {
    switch action {
    case UInt32(SECCOMP_RET_KILL_PROCESS): "KILL_PROCESS"
    case UInt32(SECCOMP_RET_KILL_THREAD): "KILL_THREAD"
    case UInt32(SECCOMP_RET_TRAP): "TRAP"
    case UInt32(SECCOMP_RET_ERRNO): "ERRNO"
    case UInt32(SECCOMP_RET_USER_NOTIF): "USER_NOTIF"
    case UInt32(SECCOMP_RET_TRACE): "TRACE"
    case UInt32(SECCOMP_RET_LOG): "LOG"
    case UInt32(SECCOMP_RET_ALLOW): "ALLOW"
    default: nil
    }
  }

  /// The answer in words.
  var words: String {
    switch action {
    case UInt32(SECCOMP_RET_ALLOW): "allowed"
    case UInt32(SECCOMP_RET_LOG): "allowed and logged"
    case UInt32(SECCOMP_RET_TRACE): "left to a tracer with \(word & 0xffff)"
    case UInt32(SECCOMP_RET_USER_NOTIF): "left to a supervisor"
    case UInt32(SECCOMP_RET_ERRNO) where word & 0xffff == 0: "passed off as done"
    case UInt32(SECCOMP_RET_ERRNO): "answered by error \(word & 0xffff)"
    case UInt32(SECCOMP_RET_TRAP): "answered by SIGSYS with \(word & 0xffff)"
    case UInt32(SECCOMP_RET_KILL_THREAD): "the thread's death"
    default: "death"
    }
  }
}

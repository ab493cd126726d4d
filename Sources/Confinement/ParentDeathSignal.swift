import CLinux
package import Host

/// The signal that the tender gets when its launcher dies, if the launcher asked for one (PR_SET_PDEATHSIG(2const)).
///
/// The kernel forgets it whenever a process changes its ids or loses capabilities, as the seal does.
package struct ParentDeathSignal: Sendable {
  private let signal: Int32
  private let parent: Int

  /// Notes what the launcher asked for, before anything changes.
  package init() {
    signal = Self.current ?? 0
    parent = Kernel.raw(.getppid)
  }

  /// Asks for it again, once nothing makes the kernel forget it any more, and checks that the kernel has it.
  ///
  /// - Returns: false where the launcher has died meanwhile.
  /// - Throws: what the kernel said, or `ENOSYS` if a filter answered in its place.
  package func restore() throws(SystemError) -> Bool {
    guard signal != 0 else { return true }
    try Kernel.control(PR_SET_PDEATHSIG, Int(signal))
    guard Self.current == signal else { throw SystemError(call: "prctl(PR_SET_PDEATHSIG)", code: ENOSYS) }
    return Kernel.raw(.getppid) == parent
  }

  /// What the kernel has, which it writes to memory; nil where it can't be asked.
  private static var current: Int32? {
    var signal: Int32 = 0
    let result = unsafe withUnsafeMutablePointer(to: &signal) {
      // SAFETY: the kernel writes the four bytes during the call.
      Kernel.raw(.prctl, Int(PR_GET_PDEATHSIG), Int(bitPattern: $0))
    }
    return result == 0 ? signal : nil
  }
}

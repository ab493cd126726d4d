import CLinux
import Host

/// The signal that the tender gets when its launcher dies, where the launcher has asked for one (PR_SET_PDEATHSIG(2const)).
///
/// The kernel forgets it whenever a process changes its ids or loses capabilities, as the seal does.
package struct ParentDeathSignal: Sendable {
  private let signal: Int32
  private let parent: Int

  /// Notes what the launcher asked for; to be asked before anything changes.
  package init() {
    var signal: Int32 = 0
    let result = unsafe withUnsafeMutablePointer(to: &signal) {
      // SAFETY: the kernel writes the four bytes during the call.
      Kernel.raw(.prctl, Int(PR_GET_PDEATHSIG), Int(bitPattern: $0))
    }
    self.signal = result == 0 ? signal : 0
    parent = Kernel.raw(.getppid)
  }

  /// Asks for it again, once nothing makes the kernel forget it any more.
  ///
  /// - Returns: false where the launcher has died meanwhile.
  package func restore() -> Bool {
    guard signal != 0 else { return true }
    _ = Kernel.raw(.prctl, Int(PR_SET_PDEATHSIG), Int(signal))
    return Kernel.raw(.getppid) == parent
  }
}

import ABI
import Host
import Machine

extension Guest {
  /// HALT: ends the tender with the low eight bits of the guest's exit status.
  ///
  /// A guest that trapped may name a cookie, which must lie in its memory; nothing reads it.
  func halt(at address: GuestAddress) -> Never {
    let call = structure(HaltCall.self, at: address, answered: false)
    if let cookie = call.cookie { check(.read, cookie, count: HaltCall.cookieSize) }
    devices.reportDropped(block)
    exit(call.exitStatus)
  }
}

import ABI
import Host
import Machine

extension Guest {
  /// POLL: waits until a network device has a frame, or until the time-out passes, however long the tender is stopped
  /// meanwhile.
  ///
  /// A device that is gone is ready too, so that the guest makes the call that tells it.
  mutating func poll(at address: GuestAddress) {
    let call = structure(PollCall.self, at: address, answered: true)
    devices.watch(block)
    let result = block.wait(devices: devices.polledCount, nanoseconds: call.timeout)
    guard result >= 0 else { end("poll: ppoll failed: ", errorNumber: -result) }
    let ready = devices.ready(block)
    answer(PollCall.readySet, ready, at: address)
    answer(PollCall.result, Int32(ready.nonzeroBitCount), at: address)
  }
}

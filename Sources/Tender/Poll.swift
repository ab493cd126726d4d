import ABI
import CLinux
import Host
import Machine

extension Guest {
  /// POLL: waits until a network device has a frame, or until the time-out passes.
  ///
  /// One `ppoll` with nanoseconds does it. A time-out counts while the tender runs: after SIGSTOP and SIGCONT the kernel
  /// goes on waiting for what was left. An error isn't readiness: a device that reports one leaves the set.
  mutating func poll(at address: UInt64) {
    let call = structure(PollCall.self, at: address, answered: true)
    block.setTimeout(nanoseconds: call.timeout)
    while true {
      devices.watch(block)
      let result = Kernel.raw(
        .ppoll, Int(bitPattern: block.polled), FixedBlock.polledCount(devices: devices.polledCount),
        Int(bitPattern: block.timeout), 0, 0)
      if result == -Int(EINTR) { continue }
      guard result >= 0 else { end("poll: ppoll failed: ", errorNumber: -result) }
      let (ready, lost) = devices.collect(block)
      // A lost device alone is no reason to come back early: wait for what is left of the time.
      if lost && ready == 0 { continue }
      answer(PollCall.readySet, ready, at: address)
      answer(PollCall.result, Int32(ready.nonzeroBitCount), at: address)
      return
    }
  }
}

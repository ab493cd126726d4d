import CLinux
import Host
import Text

/// The machine's vCPU while it is being set up.
package struct VirtualCPU: ~Copyable {
  let descriptor: Descriptor
  let area: RunArea

  /// Enters KVM once without running the guest, so that whatever the kernel does at the first entry is done.
  ///
  /// Each entry answers that it was interrupted, as it does where a signal comes before anything is done: hence two.
  package borrowing func prime() throws(MachineError) {
    let runner = Runner(descriptor: descriptor.raw, area: area.region)
    for _ in 0..<2 {
      let result = runner.enterImmediately()
      guard result == -Int(EINTR) else {
        throw MachineError("RUN", SystemError(call: "ioctl", code: Int32(-result)))
      }
    }
  }

  /// Hands the vCPU to the run loop under a descriptor number that was set aside for it.
  ///
  /// The descriptor and the run area stay until the runner destroys the machine, or the process ends.
  package consuming func disarm(as number: Int32) throws(MachineError) -> Runner {
    do throws(SystemError) {
      try Kernel.call(.dup3, Int(descriptor.raw), Int(number), Int(O_CLOEXEC))
    } catch {
      throw MachineError("cannot move the vCPU's descriptor: \(error.message)")
    }
    return Runner(descriptor: number, area: area.region)
  }

  /// Makes a request of the vCPU with a pointer to its argument.
  borrowing func request(
    _ name: StaticString, _ request: UInt, _ argument: UnsafeRawPointer
  ) throws(MachineError) {
    let result = Kernel.raw(.ioctl, Int(descriptor.raw), Int(request), Int(bitPattern: argument))
    guard result >= 0 else { throw MachineError(name, SystemError(call: "ioctl", code: Int32(-result))) }
  }
}

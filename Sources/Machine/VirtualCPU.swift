package import CLinux
package import Host

/// The machine's vCPU while it is being set up.
package struct VirtualCPU: ~Copyable {
  let descriptor: Descriptor
  let area: Mapping

  /// Enters KVM once without running the guest, so that whatever the kernel does at the first entry is done.
  package borrowing func prime() throws(MachineError) {
    let runner = Runner(descriptor: descriptor.raw, area: area.start)
    let result = runner.enterImmediately()
    guard result == -Int(EINTR) else {
      throw MachineError("RUN", SystemError(call: "ioctl", code: Int32(-result)))
    }
  }

  /// Hands the vCPU to the run loop: the descriptor and the run area stay until the process ends.
  package consuming func disarm() -> Runner {
    let start = area.start
    area.disarm()
    return Runner(descriptor: descriptor.disarm(), area: start)
  }

  /// Makes a request of the vCPU with a pointer to its argument.
  borrowing func request(
    _ name: StaticString, _ request: UInt, _ argument: UnsafeRawPointer
  ) throws(MachineError) {
    let result = Kernel.raw(.ioctl, Int(descriptor.raw), Int(request), Int(bitPattern: argument))
    guard result >= 0 else { throw MachineError(name, SystemError(call: "ioctl", code: Int32(-result))) }
  }
}

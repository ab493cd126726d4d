import CLinux
import Host
import Text

/// Address space for what a vCPU shares with the kernel (`struct kvm_run`; section 5 of
/// Documentation/virt/kvm/api.rst).
///
/// It is reserved before there is a vCPU, because the policy pins where it is. The value is trivial: the pages stay
/// mapped until the runner destroys the machine, or the process ends.
package struct RunArea {
  /// Where it is.
  package let region: Range<UInt>

  /// Reserves as much as this kernel's vCPUs share.
  ///
  /// - Throws: what KVM said when asked how much that is, or the kernel when it had no room.
  package init(for kvm: borrowing KVM) throws(MachineError) {
    let size = try kvm.runAreaSize()
    do throws(SystemError) {
      let mapping = try Mapping.anonymous(count: size, protection: PROT_NONE)
      region = mapping.start..<mapping.start + UInt(size)
      mapping.disarm()
    } catch {
      throw MachineError("cannot keep room for the vCPU's run area: \(error.message)")
    }
  }

  /// Maps a vCPU's there.
  ///
  /// - Throws: what the kernel said, or `ENOSYS` where it says that it is elsewhere.
  func map(_ vcpu: borrowing Descriptor) throws(SystemError) {
    let start = Int(bitPattern: region.lowerBound)
    let place = try Kernel.call(
      .mmap, start, region.count, Int(PROT_READ | PROT_WRITE), Int(MAP_SHARED | MAP_FIXED), Int(vcpu.raw), 0)
    guard place == start else { throw SystemError(call: "mmap", code: ENOSYS) }
  }
}

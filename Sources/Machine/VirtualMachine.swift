import CLinux
import Host
package import Text

/// One thing of KVM's that the guest is not given, and whether this kernel could take it away.
package struct Restriction: Sendable {
  package let name: StaticString
  /// Nil where the restriction is in force; else why it isn't.
  package let unavailable: Text?
}

/// A virtual machine with one vCPU.
package struct VirtualMachine: ~Copyable {
  let descriptor: Descriptor
  /// Whether an outer filter may be in force, which answers requests in KVM's place.
  let mayBeAnswered: Bool
  /// What was taken from the guest, in order.
  package private(set) var restrictions: [Restriction] = []

  /// Makes a machine without any in-kernel device, and takes from it what has to be taken before it has a vCPU.
  package static func make(_ kvm: borrowing KVM, mayBeAnswered: Bool) throws(MachineError) -> VirtualMachine {
    let raw = Kernel.raw(.ioctl, Int(kvm.descriptor.raw), Int(CLINUX_KVM_CREATE_VM))
    guard raw >= 0 else { throw MachineError("CREATE_VM", SystemError(call: "ioctl", code: Int32(-raw))) }
    var machine = VirtualMachine(descriptor: Descriptor(owning: Int32(raw)), mayBeAnswered: mayBeAnswered)
    machine.narrow(kvm)
    return machine
  }

  /// Makes the machine's vCPU, maps its run area where room was kept for it, filters the model-specific registers, and
  /// gives the machine its RAM.
  ///
  /// The kernel waits for readers when it sets the filter, and when it takes the RAM. The vCPU is there by then. While
  /// there is one, another machine's costs less to make and to destroy (`kvm_has_noapic_vcpu` in arch/x86/kvm/lapic.c).
  /// The RAM comes last: after that wait, the filter's would be slow (`srcu_might_be_idle` in kernel/rcu/srcutree.c).
  package mutating func makeVirtualCPU(
    _ kvm: borrowing KVM, in area: RunArea, memory: borrowing GuestMemory
  ) throws(MachineError) -> VirtualCPU {
    let raw = Kernel.raw(.ioctl, Int(descriptor.raw), Int(CLINUX_KVM_CREATE_VCPU), 0)
    guard raw >= 0 else { throw MachineError("CREATE_VCPU", SystemError(call: "ioctl", code: Int32(-raw))) }
    let cpu = Descriptor(owning: Int32(raw))
    do throws(SystemError) {
      try area.map(cpu)
    } catch {
      throw MachineError("KVM: VCPU mmap failed: \(error.reason)")
    }
    filterMSRs(kvm)
    try addRAM(memory)
    return VirtualCPU(descriptor: cpu, area: area)
  }

  private borrowing func addRAM(_ memory: borrowing GuestMemory) throws(MachineError) {
    var region = kvm_userspace_memory_region()
    region.memory_size = memory.size
    region.userspace_addr = UInt64(memory.base)
    // SAFETY: the kernel reads the structure during the call.
    let result = unsafe withUnsafePointer(to: &region) {
      Kernel.raw(
        .ioctl, Int(descriptor.raw), Int(CLINUX_KVM_SET_USER_MEMORY_REGION), Int(bitPattern: $0))
    }
    guard result == 0 else {
      throw MachineError("SET_USER_MEMORY_REGION", SystemError(call: "ioctl", code: Int32(-result)))
    }
  }

  /// Records what became of a restriction that is one of the table's capabilities.
  mutating func record(_ capability: KVMCapability, unavailable: Text? = nil) {
    guard let name = capability.row.restriction else { return }
    record(name, unavailable: unavailable)
  }

  /// Records what became of a restriction.
  mutating func record(_ name: StaticString, unavailable: Text? = nil) {
    restrictions.append(Restriction(name: name, unavailable: unavailable))
  }

  /// Enables a capability of this machine where the kernel has it, and records what came of it.
  mutating func restrict(_ capability: KVMCapability, _ kvm: borrowing KVM) {
    guard kvm.has(capability) else {
      return record(capability, unavailable: "this kernel or processor doesn't have it")
    }
    let result = enable(capability, UInt64(capability.row.wanted), on: descriptor)
    record(capability, unavailable: result == 0 ? nil : SystemError.reason(of: Int32(-result)))
  }

  /// `KVM_ENABLE_CAP` on this machine or its vCPU.
  borrowing func enable(_ capability: KVMCapability, _ argument: UInt64, on descriptor: borrowing Descriptor) -> Int {
    var request = kvm_enable_cap()
    request.cap = UInt32(bitPattern: capability.row.number)
    request.args.0 = argument
    return unsafe withUnsafeBytes(of: &request) { bytes in
      unsafe tell(UInt(CLINUX_KVM_ENABLE_CAP), bytes, on: descriptor)
    }
  }

  /// Tells KVM something that it can't be asked for again.
  ///
  /// KVM reads what a request points to before all else. Where an outer filter may answer in its place, the request is
  /// made twice with the very same arguments, which are all that a filter sees: while nobody can read what it points
  /// to, which only KVM finds out (EFAULT), and once KVM can. A filter that answers one of them answers both alike. One
  /// that answers `mprotect` leaves the bytes as they were, and so KVM's answer.
  ///
  /// - Parameters:
  ///   - request: the number of a request that gives 0.
  ///   - argument: what it points to.
  ///   - descriptor: of which it is made.
  /// - Returns: 0, or an error where it isn't KVM that answers.
  @unsafe
  borrowing func tell(_ request: UInt, _ argument: UnsafeRawBufferPointer, on descriptor: borrowing Descriptor) -> Int {
    func ask(_ address: Int) -> Int { Kernel.raw(.ioctl, Int(descriptor.raw), Int(request), address) }
    guard mayBeAnswered else { return ask(Int(bitPattern: argument.baseAddress)) }
    do throws(SystemError) {
      // Pages for this request alone: those of one whose `mprotect` was answered falsely can't be written again.
      let pages = try Mapping.anonymous(count: argument.count, protection: PROT_READ | PROT_WRITE)
      // SAFETY: the pages are new, writable, and as many bytes as the argument.
      unsafe pages.bytes().copyMemory(from: argument)
      try pages.protect(0..<pages.count, PROT_NONE)
      let unread = ask(Int(bitPattern: pages.start))
      guard unread == -Int(EFAULT) else { return unread < 0 ? unread : -Int(ENOSYS) }
      try pages.protect(0..<pages.count, PROT_READ)
      let answer = ask(Int(bitPattern: pages.start))
      return answer == -Int(EFAULT) ? -Int(ENOSYS) : answer
    } catch {
      return -Int(error.code)
    }
  }
}

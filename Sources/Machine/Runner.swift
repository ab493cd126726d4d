package import ABI
import CLinux
package import Host

/// The vCPU in the run loop: a trivial value that makes one system call, `ioctl(vcpu, KVM_RUN, 0)`, until the end.
@safe
package struct Runner {
  /// The vCPU's descriptor.
  package let descriptor: Int32
  private let area: UnsafeMutablePointer<kvm_run>
  private let areaSize: Int

  init(descriptor: Int32, area: Range<UInt>) {
    self.descriptor = descriptor
    areaSize = area.count
    // SAFETY: the caller mapped at least a `kvm_run` there, and keeps it mapped as long as this value is used.
    unsafe self.area = UnsafeMutablePointer(bitPattern: area.lowerBound).unsafelyUnwrapped
  }

  /// Why the guest stopped.
  package enum Exit: Equatable {
    /// A hypercall, with the address of its structure, of 32 bits.
    case hypercall(Hypercall, at: GuestAddress)
    /// The same with a number that is no hypercall's.
    case reserved(UInt16)
    /// An x86 port access that is no hypercall.
    case port(UInt16)
    /// An access of `count` bytes to a guest physical address outside RAM that is no hypercall.
    case deviceMemory(GuestAddress, count: UInt32, hypercallPage: Bool)
    /// The guest touched RAM in a way that the image's segments forbid.
    case translationFault
    /// KVM could not enter the guest.
    case entryFailure(UInt64)
    /// KVM could not emulate an instruction.
    case internalError(UInt32)
    /// `KVM_RUN` itself failed.
    case failed(Int32)
    /// A reason that a unikernel has no business with: `KVM_EXIT_HLT` is 5, a triple fault `KVM_EXIT_SHUTDOWN` 8.
    case other(UInt32)
  }

  /// Runs the guest until it stops; the RAM's size tells a fault in RAM from an access outside it.
  @inline(__always)
  package func run(memorySize: UInt64) -> Exit {
    while true {
      let result = Kernel.once(.ioctl, Int(descriptor), Int(CLINUX_KVM_RUN), 0)
      if result == 0 { return exit(memorySize: memorySize) }
      switch -result {
      case Int(EINTR): continue
      case Int(EFAULT): return .translationFault
      default: return .failed(Int32(truncatingIfNeeded: -result))
      }
    }
  }

  /// Destroys the machine, after which nothing else may be asked of it.
  ///
  /// The kernel would do so at the process's end. But there it first tells the machine that its memory goes, and waits
  /// for readers after that and once more after the machine (`__mmu_notifier_release` and `mmu_notifier_unregister` of
  /// mm/mmu_notifier.c). All processes wait for the same readers, and who comes too soon after another waits for some
  /// timer ticks (`srcu_might_be_idle` of kernel/rcu/srcutree.c). A machine that is destroyed before needs one wait.
  ///
  /// What the kernel answers doesn't matter: the process ends next.
  package func destroyMachine() {
    _ = Kernel.once(.munmap, unsafe Int(bitPattern: area), areaSize)
    _ = Kernel.once(.close, Int(descriptor))
  }

  private static func hypercall(_ number: UInt16, _ argument: UInt32) -> Exit {
    guard let call = Hypercall(rawValue: number) else { return .reserved(number) }
    return .hypercall(call, at: GuestAddress(rawValue: UInt64(argument)))
  }

  private func exit(memorySize: UInt64) -> Exit {
    let reason = unsafe area.pointee.exit_reason
    switch Int32(bitPattern: reason) {
    #if arch(x86_64)
      case KVM_EXIT_IO: return portAccess()
    #endif
    case KVM_EXIT_MMIO: return memoryAccess(memorySize: memorySize)
    case KVM_EXIT_FAIL_ENTRY:
      return .entryFailure(unsafe area.pointee.fail_entry.hardware_entry_failure_reason)
    case KVM_EXIT_INTERNAL_ERROR: return .internalError(unsafe area.pointee.internal.suberror)
    default: return .other(reason)
    }
  }

  private func memoryAccess(memorySize: UInt64) -> Exit {
    let access = unsafe area.pointee.mmio
    // Some hosts report a write to a read-only page so, instead of failing KVM_RUN with EFAULT.
    if access.phys_addr < memorySize { return .translationFault }
    #if arch(arm64)
      let address = GuestAddress(rawValue: access.phys_addr)
      guard access.is_write != 0, access.len == 4 else {
        return .deviceMemory(address, count: access.len, hypercallPage: true)
      }
      guard let number = Hypercall.number(address: address) else {
        return .deviceMemory(address, count: access.len, hypercallPage: false)
      }
      let data = access.data
      return Self.hypercall(
        number, UInt32(data.0) | UInt32(data.1) << 8 | UInt32(data.2) << 16 | UInt32(data.3) << 24)
    #else
      return .other(UInt32(KVM_EXIT_MMIO))
    #endif
  }
}

#if arch(x86_64)
  extension Runner {
    /// Hypercalls are written as 32 bits.
    private func portAccess() -> Exit {
      let access = unsafe area.pointee.io
      guard access.direction == KVM_EXIT_IO_OUT, access.size == 4, let number = Hypercall.number(port: access.port),
        access.data_offset <= UInt64(MemoryLayout<kvm_run>.size * 4)
      else { return .port(access.port) }
      // SAFETY: the kernel puts the four bytes into the run area at the offset that it states.
      let argument = unsafe UnsafeRawPointer(area).loadUnaligned(
        fromByteOffset: Int(access.data_offset), as: UInt32.self)
      return Self.hypercall(number, argument)
    }
  }
#endif

// MARK: - Registers for messages

extension Runner {
  /// Enters KVM with `immediate_exit` set, which returns `-EINTR` and runs nothing.
  func enterImmediately() -> Int {
    unsafe area.pointee.immediate_exit = 1
    let result = Kernel.once(.ioctl, Int(descriptor), Int(CLINUX_KVM_RUN), 0)
    unsafe area.pointee.immediate_exit = 0
    return result
  }

  /// The guest's program counter after an exit.
  ///
  /// On x86_64 it comes through the synchronised registers of the run area, which takes no further request of KVM;
  /// aarch64 lacks those and needs `KVM_GET_ONE_REG` into the fixed block.
  package func programCounter(_ block: FixedBlock) -> UInt64 {
    #if arch(x86_64)
      unsafe area.pointee.kvm_valid_regs = UInt64(KVM_SYNC_X86_REGS)
      _ = enterImmediately()
      return unsafe area.pointee.s.regs.regs.rip
    #else
      block.askRegister(EntryStateARM.programCounter)
      _ = Kernel.raw(.ioctl, Int(descriptor), Int(CLINUX_KVM_GET_ONE_REG), Int(block.places[.register]))
      return block.registerValue
    #endif
  }
}

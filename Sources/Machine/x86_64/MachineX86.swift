#if arch(x86_64)
  package import ABI
  import CLinux
  import Host
  import Text

  extension VirtualMachine {
    /// Takes from the guest what a unikernel has no use for, but for registers; to be called before the vCPU is made.
    mutating func narrow(_ kvm: borrowing KVM) {
      restrict(.pmu, kvm)
      restrict(.busLockExit, kvm)
      restrict(.notifyExit, kvm)
      restrict(.quirks, kvm)
    }

    /// Denies every model-specific register but the two that hold thread-local storage's base.
    ///
    /// `FS_BASE` and `GS_BASE` (0xC0000100, 0xC0000101) are what Solo5's bindings write for
    /// `solo5_set_tls_base`; every other access raises `#GP` in the guest.
    mutating func filterMSRs(_ kvm: borrowing KVM) {
      guard kvm.has(.msrFilter) else {
        return record(.msrFilter, unavailable: "this kernel doesn't have it")
      }
      var allowed: UInt64 = 0b11
      let result = unsafe withUnsafeMutableBytes(of: &allowed) { bitmap in
        var filter = kvm_msr_filter()
        filter.flags = UInt32(KVM_MSR_FILTER_DEFAULT_DENY)
        unsafe filter.ranges.0.flags = UInt32(KVM_MSR_FILTER_READ | KVM_MSR_FILTER_WRITE)
        unsafe filter.ranges.0.base = 0xC000_0100
        unsafe filter.ranges.0.nmsrs = 2
        unsafe filter.ranges.0.bitmap = bitmap.baseAddress?.assumingMemoryBound(to: UInt8.self)
        return unsafe withUnsafeBytes(of: &filter) {
          // SAFETY: the kernel reads the structure and its bitmap in whole words of 64 bits, here one, during the call.
          unsafe tell(UInt(CLINUX_KVM_X86_SET_MSR_FILTER), $0, on: descriptor)
        }
      }
      record(.msrFilter, unavailable: result == 0 ? nil : SystemError.reason(of: Int32(-result)))
    }
  }

  extension VirtualCPU {
    /// Shows the guest the narrowed CPUID and sets its registers.
    ///
    /// - Returns: the frequency of the guest's time-stamp counter in hertz.
    package borrowing func prepare(
      _ kvm: borrowing KVM, _ machine: inout VirtualMachine, entry: GuestAddress, memory: borrowing GuestMemory
    ) throws(MachineError) -> UInt64 {
      enforceParavirtualFeatures(kvm, &machine)
      try setCPUID(kvm, machine)
      machine.record("cpuid")
      var system = EntryStateX86.systemRegisters
      try unsafe request("SET_SREGS", CLINUX_KVM_SET_SREGS, &system)
      var general = EntryStateX86.registers(
        entry: entry.rawValue, size: memory.size, bootInformation: GuestLayout.bootInfo.rawValue)
      try unsafe request("SET_REGS", CLINUX_KVM_SET_REGS, &general)
      return try counterFrequency(kvm)
    }

    private func enforceParavirtualFeatures(_ kvm: borrowing KVM, _ machine: inout VirtualMachine) {
      guard kvm.has(.paravirtualFeatures) else {
        return machine.record(.paravirtualFeatures, unavailable: "this kernel doesn't have it")
      }
      let result = machine.enable(.paravirtualFeatures, 1, on: descriptor)
      machine.record(.paravirtualFeatures, unavailable: result == 0 ? nil : SystemError.reason(of: Int32(-result)))
    }

    private func setCPUID(_ kvm: borrowing KVM, _ machine: borrowing VirtualMachine) throws(MachineError) {
      // The header is 8 bytes, an entry 40: struct kvm_cpuid2 and struct kvm_cpuid_entry2 of the KVM ABI.
      let entrySize = 40
      let capacity = 256
      var bytes = [UInt8](repeating: 0, count: 8 + capacity * entrySize)
      let failure = unsafe bytes.withUnsafeMutableBytes { buffer -> Int in
        unsafe buffer.storeBytes(of: UInt32(capacity), as: UInt32.self)
        return Kernel.raw(
          .ioctl, Int(kvm.descriptor.raw), Int(CLINUX_KVM_GET_SUPPORTED_CPUID),
          Int(bitPattern: buffer.baseAddress))
      }
      guard failure >= 0 else {
        throw MachineError("GET_SUPPORTED_CPUID", SystemError(call: "ioctl", code: Int32(-failure)))
      }
      unsafe bytes.withUnsafeMutableBytes { buffer in
        let count = unsafe min(Int(buffer.load(as: UInt32.self)), capacity)
        var leaves: [CPUIDLeaf] = []
        for index in 0..<count {
          func word(_ field: Int) -> UInt32 {
            unsafe buffer.load(fromByteOffset: 8 + index * entrySize + field * 4, as: UInt32.self)
          }
          leaves.append(
            CPUIDLeaf(
              function: word(0), index: word(1), flags: word(2), eax: word(3), ebx: word(4), ecx: word(5),
              edx: word(6)))
        }
        CPUID.narrow(&leaves)
        for (index, leaf) in leaves.enumerated() {
          let values: InlineArray<4, UInt32> = [leaf.eax, leaf.ebx, leaf.ecx, leaf.edx]
          for field in values.indices {
            unsafe buffer.storeBytes(
              of: values[field], toByteOffset: 8 + index * entrySize + (3 + field) * 4, as: UInt32.self)
          }
        }
      }
      // SAFETY: the kernel reads the header and the entries behind it during the call.
      let answer = unsafe bytes.withUnsafeBytes {
        unsafe machine.tell(UInt(CLINUX_KVM_SET_CPUID2), $0, on: descriptor)
      }
      guard answer == 0 else {
        throw MachineError("SET_CPUID2", SystemError(call: "ioctl", code: Int32(max(-answer, 0))))
      }
    }

    private func counterFrequency(_ kvm: borrowing KVM) throws(MachineError) -> UInt64 {
      guard kvm.has(.clockFrequency) else {
        throw MachineError("KVM: host does not support KVM_CAP_GET_TSC_KHZ")
      }
      let kilohertz = Kernel.raw(.ioctl, Int(descriptor.raw), Int(CLINUX_KVM_GET_TSC_KHZ))
      guard kilohertz != -Int(EIO) else { throw MachineError("KVM: host TSC is unstable, cannot continue") }
      guard kilohertz > 0 else {
        throw MachineError("GET_TSC_KHZ", SystemError(call: "ioctl", code: Int32(max(-kilohertz, 0))))
      }
      return UInt64(kilohertz) * 1000
    }
  }
#endif

#if arch(arm64)
  package import ABI
  package import CLinux
  package import Host
  import Text

  extension VirtualMachine {
    /// Takes from the guest what a unikernel has no use for.
    ///
    /// aarch64 offers each such thing as a feature that a vCPU is made with or without; `prepare` asks for none.
    mutating func narrow(_ kvm: borrowing KVM) {
      for feature in ["pmu", "sve", "pointer-authentication"] as [StaticString] { record(feature) }
    }

    /// aarch64 has no model-specific registers, which are x86_64's.
    mutating func filterMSRs(_ kvm: borrowing KVM) {}
  }

  extension VirtualCPU {
    /// Initialises the vCPU without any optional feature and sets its registers.
    ///
    /// - Returns: the frequency of the guest's counter in hertz, which is the host's.
    package borrowing func prepare(
      _ kvm: borrowing KVM, _ machine: inout VirtualMachine, entry: GuestAddress, memory: borrowing GuestMemory
    ) throws(MachineError) -> UInt64 {
      try initialise(machine)
      let access = try register(EntryStateARM.coprocessorAccess)
      try setRegister(EntryStateARM.coprocessorAccess, access | EntryStateARM.floatingPointEnable)
      let settings = EntryStateARM.settings(
        entry: entry.rawValue, size: memory.size, bootInformation: GuestLayout.bootInfo.rawValue)
      for setting in settings { try setRegister(setting.identifier, setting.value) }
      return UInt64(clinux_counter_frequency())
    }

    private func initialise(_ machine: borrowing VirtualMachine) throws(MachineError) {
      var target = kvm_vcpu_init()
      let result = unsafe withUnsafeMutablePointer(to: &target) {
        // SAFETY: the kernel writes the structure during the call.
        Kernel.raw(
          .ioctl, Int(machine.descriptor.raw), Int(CLINUX_KVM_ARM_PREFERRED_TARGET), Int(bitPattern: $0))
      }
      guard result == 0 else {
        throw MachineError("ARM_PREFERRED_TARGET", SystemError(call: "ioctl", code: Int32(-result)))
      }
      // SAFETY: the kernel reads the structure during the call.
      try unsafe request("ARM_VCPU_INIT", CLINUX_KVM_ARM_VCPU_INIT, &target)
    }

    private func register(_ identifier: UInt64) throws(MachineError) -> UInt64 {
      var value: UInt64 = 0
      try access("GET_ONE_REG", CLINUX_KVM_GET_ONE_REG, identifier, &value)
      return value
    }

    private func setRegister(_ identifier: UInt64, _ value: UInt64) throws(MachineError) {
      var value = value
      try access("SET_ONE_REG", CLINUX_KVM_SET_ONE_REG, identifier, &value)
    }

    private func access(
      _ name: StaticString, _ request: UInt, _ identifier: UInt64, _ value: inout UInt64
    ) throws(MachineError) {
      var failure = 0
      unsafe withUnsafeMutablePointer(to: &value) { value in
        var register = kvm_one_reg(id: identifier, addr: UInt64(UInt(bitPattern: value)))
        // SAFETY: the kernel reads the structure, and reads or writes the value it names, during the call.
        failure = unsafe withUnsafePointer(to: &register) {
          Kernel.raw(.ioctl, Int(descriptor.raw), Int(request), Int(bitPattern: $0))
        }
      }
      guard failure == 0 else { throw MachineError(name, SystemError(call: "ioctl", code: Int32(-failure))) }
    }
  }
#endif

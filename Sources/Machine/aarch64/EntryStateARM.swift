/// The registers of an aarch64 vCPU when the guest starts.
package enum EntryStateARM {
  /// A register's KVM identifier (`KVM_SET_ONE_REG`) and the value it is given.
  package struct Setting: Equatable, Sendable {
    package let identifier: UInt64
    package let value: UInt64
  }

  /// `CPACR_EL1`, whose FPEN field is set and whose other bits stay as KVM made them.
  package static var coprocessorAccess: UInt64 { 0x6030_0000_0013_c082 }
  /// FPEN, bits 21 and 20: floating point doesn't trap.
  package static var floatingPointEnable: UInt64 { 3 << 20 }
  /// The program counter.
  package static var programCounter: UInt64 { 0x6030_0000_0010_0040 }

  /// Returns the registers to set after `CPACR_EL1`, in order (HVT contract, section 5).
  ///
  /// - Parameters:
  ///   - entry: the guest's entry point.
  ///   - size: the RAM's size in bytes; the stack starts 16 bytes below its end.
  ///   - bootInformation: the guest physical address handed over in X0.
  /// - Returns: each register with its value.
  package static func settings(entry: UInt64, size: UInt64, bootInformation: UInt64) -> [Setting] {
    [
      Setting(identifier: 0x6030_0000_0013_c510, value: 0x0000_BBFF_440C_0400),  // MAIR_EL1
      Setting(identifier: 0x6030_0000_0013_c102, value: 0x0000_0032_B518_3518),  // TCR_EL1
      Setting(identifier: 0x6030_0000_0013_c100, value: PageTablesARM.level0),  // TTBR0_EL1
      Setting(identifier: 0x6030_0000_0013_c080, value: 0x1005),  // SCTLR_EL1
      Setting(identifier: 0x6030_0000_0010_0042, value: 0x3c5),  // PSTATE: EL1h, interrupts masked
      Setting(identifier: 0x6030_0000_0010_0044, value: size - 16),  // SP_EL1
      Setting(identifier: 0x6030_0000_0010_0000, value: bootInformation),  // X0
      Setting(identifier: programCounter, value: entry),
    ]
  }
}

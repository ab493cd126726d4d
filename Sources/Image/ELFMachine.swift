/// The processor that an executable is for, by its number in the ELF header (`e_machine`).
package enum ELFMachine: UInt16, Sendable {
  /// EM_X86_64.
  case x86_64 = 62
  /// EM_AARCH64.
  case aarch64 = 183

  #if arch(x86_64)
    /// The processor that this program was compiled for.
    package static var native: ELFMachine { .x86_64 }
  #elseif arch(arm64)
    /// The processor that this program was compiled for.
    package static var native: ELFMachine { .aarch64 }
  #endif
}

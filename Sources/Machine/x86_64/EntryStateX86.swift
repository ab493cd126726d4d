#if arch(x86_64)
  package import CLinux

  /// The registers of an x86_64 vCPU when the guest starts (HVT contract, section 5).
  package enum EntryStateX86 {
    /// General registers: the entry point, the stack 8 bytes below RAM's end, and the boot information in RDI.
    package static func registers(entry: UInt64, size: UInt64, bootInformation: UInt64) -> kvm_regs {
      var registers = kvm_regs()
      registers.rip = entry
      registers.rsp = size - 8
      registers.rdi = bootInformation
      registers.rflags = 2
      return registers
    }

    /// System registers: 64-bit mode, paging on, flat segments, no interrupt table.
    package static var systemRegisters: kvm_sregs {
      var registers = kvm_sregs()
      registers.cr0 = 0x8001_0021  // PG, WP, NE, PE
      registers.cr3 = PageTablesX86.pageMapLevel4
      registers.cr4 = 0x620  // OSXMMEXCPT, OSFXSR, PAE
      registers.efer = 0x500  // LMA, LME
      registers.gdt.base = PageTablesX86.globalDescriptorTable
      registers.gdt.limit = UInt16(PageTablesX86.descriptors.count * 8 - 1)
      registers.cs = segment(selector: 8, type: 9, long: true)
      let data = segment(selector: 0x10, type: 3, long: false)
      registers.ss = data
      registers.ds = data
      registers.es = data
      registers.fs = data
      registers.gs = data
      registers.tr.type = 11
      registers.tr.present = 1
      registers.ldt.unusable = 1
      return registers
    }

    private static func segment(selector: UInt16, type: UInt8, long: Bool) -> kvm_segment {
      var segment = kvm_segment()
      segment.selector = selector
      segment.limit = 0xffff_ffff
      segment.type = type
      segment.present = 1
      segment.s = 1
      segment.g = 1
      segment.l = long ? 1 : 0
      segment.db = long ? 0 : 1
      return segment
    }
  }
#endif

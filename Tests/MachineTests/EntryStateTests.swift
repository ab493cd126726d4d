import CLinux
import Machine
import Testing

#if arch(x86_64)
  /// To add one: an `#expect` of a register's value in the function about its kind; of aarch64, a row of `expected`.
  @Suite("x86_64 registers at entry")
  struct EntryStateX86Tests {
    @Test("general registers")
    func general() {
      let registers = EntryStateX86.registers(entry: 0x10_1234, size: 0x60_0000, bootInformation: 0x10000)
      #expect(registers.rip == 0x10_1234 && registers.rsp == 0x5f_fff8)
      #expect(registers.rdi == 0x10000 && registers.rflags == 2)
      let others = [registers.rax, registers.rbx, registers.rcx, registers.rdx, registers.rsi, registers.rbp]
      #expect(others == [0, 0, 0, 0, 0, 0])
    }

    @Test("control registers and tables")
    func control() {
      let registers = EntryStateX86.systemRegisters
      #expect(registers.cr0 == 0x8001_0021 && registers.cr3 == 0x2000 && registers.cr4 == 0x620)
      #expect(registers.efer == 0x500 && registers.cr2 == 0 && registers.cr8 == 0 && registers.apic_base == 0)
      #expect(registers.gdt.base == 0x1000 && registers.gdt.limit == 23)
      #expect(registers.idt.base == 0 && registers.idt.limit == 0)
    }

    @Test("segments")
    func segments() {
      let registers = EntryStateX86.systemRegisters
      let code = registers.cs
      #expect(code.selector == 8 && code.base == 0 && code.limit == 0xffff_ffff && code.type == 9)
      #expect(code.present == 1 && code.s == 1 && code.l == 1 && code.g == 1 && code.db == 0 && code.dpl == 0)
      for data in [registers.ss, registers.ds, registers.es, registers.fs, registers.gs] {
        #expect(data.selector == 0x10 && data.base == 0 && data.limit == 0xffff_ffff && data.type == 3)
        #expect(data.present == 1 && data.s == 1 && data.l == 0 && data.g == 1 && data.db == 1 && data.dpl == 0)
      }
      #expect(registers.tr.selector == 0 && registers.tr.type == 11 && registers.tr.present == 1)
      #expect(registers.tr.limit == 0 && registers.ldt.unusable == 1)
    }
  }
#endif

@Suite("aarch64 registers at entry")
struct EntryStateARMTests {
  @Test("values and their order")
  func settings() {
    let settings = EntryStateARM.settings(entry: 0x10_0400, size: 0x40_0000, bootInformation: 0x10000)
    let expected: [(UInt64, UInt64)] = [
      (0x6030_0000_0013_c510, 0x0000_BBFF_440C_0400), (0x6030_0000_0013_c102, 0x0000_0032_B518_3518),
      (0x6030_0000_0013_c100, 0x1000), (0x6030_0000_0013_c080, 0x1005), (0x6030_0000_0010_0042, 0x3c5),
      (0x6030_0000_0010_0044, 0x3f_fff0), (0x6030_0000_0010_0000, 0x10000), (0x6030_0000_0010_0040, 0x10_0400),
    ]
    #expect(settings.map(\.identifier) == expected.map(\.0))
    #expect(settings.map(\.value) == expected.map(\.1))
    #expect(EntryStateARM.coprocessorAccess == 0x6030_0000_0013_c082)
    #expect(EntryStateARM.floatingPointEnable == 0x30_0000)
    #expect(EntryStateARM.programCounter == 0x6030_0000_0010_0040)
  }
}

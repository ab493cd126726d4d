/* Prints the processor's state at entry, one `name=0x...` a line; `#GP` for an MSR that cannot be read. Status 0. */
#include "trap.h"

#define SHOW(name, value) say("%s=%#lx\n", name, (uint64_t)(value))

#if defined(__x86_64__)

#define READ(name, instruction)                                                                                     \
  do {                                                                                                              \
    uint64_t value = 0;                                                                                             \
    __asm__ volatile(instruction : "+r"(value));                                                                    \
    SHOW(name, value);                                                                                              \
  } while (0)

static void show_msr(const char *name, uint32_t number) {
  uint64_t value;
  if (try_read_msr(number, &value)) SHOW(name, value);
  else say("%s=%s\n", name, trap_name(trap_vector));
}

int32_t guest_main(void) {
  struct __attribute__((packed)) { uint16_t limit; uint64_t base; } table;

  SHOW("rsp", entry_state.rsp);
  SHOW("rdi", entry_state.rdi);
  SHOW("rflags", entry_state.rflags);
  SHOW("rax", entry_state.rax);
  SHOW("rbx", entry_state.rbx);
  SHOW("rcx", entry_state.rcx);
  SHOW("rdx", entry_state.rdx);
  SHOW("rsi", entry_state.rsi);
  SHOW("rbp", entry_state.rbp);
  SHOW("r8", entry_state.r8);
  SHOW("r9", entry_state.r9);
  SHOW("r10", entry_state.r10);
  SHOW("r11", entry_state.r11);
  SHOW("r12", entry_state.r12);
  SHOW("r13", entry_state.r13);
  SHOW("r14", entry_state.r14);
  SHOW("r15", entry_state.r15);
  READ("cr0", "movq %%cr0, %0");
  READ("cr2", "movq %%cr2, %0");
  READ("cr3", "movq %%cr3, %0");
  READ("cr4", "movq %%cr4, %0");
  READ("cr8", "movq %%cr8, %0");
  READ("cs", "movq %%cs, %0");
  READ("ss", "movq %%ss, %0");
  READ("ds", "movq %%ds, %0");
  READ("es", "movq %%es, %0");
  READ("fs", "movq %%fs, %0");
  READ("gs", "movq %%gs, %0");
  READ("tr", "str %0");
  READ("ldt", "sldt %0");
  __asm__ volatile("sgdt %0" : "=m"(table));
  SHOW("gdt.base", table.base);
  SHOW("gdt.limit", table.limit);
  __asm__ volatile("sidt %0" : "=m"(table));
  SHOW("idt.base", table.base);
  SHOW("idt.limit", table.limit);
  trap_install();
  show_msr("efer", 0xc0000080);
  show_msr("fs.base", 0xc0000100);
  show_msr("gs.base", 0xc0000101);
  show_msr("apic_base", 0x1b);
  return 0;
}

#elif defined(__aarch64__)

#define READ(name)                                                                                                  \
  do {                                                                                                              \
    uint64_t value;                                                                                                 \
    __asm__ volatile("mrs %0, " #name : "=r"(value));                                                               \
    SHOW(#name, value);                                                                                             \
  } while (0)

int32_t guest_main(void) {
  SHOW("sp", entry_state.sp);
  SHOW("nzcv", entry_state.nzcv);
  SHOW("daif", entry_state.daif);
  for (int i = 0; i < 31; i++) say("x%d=%#lx\n", i, entry_state.x[i]);
  READ(currentel);
  READ(spsel);
  READ(sctlr_el1);
  READ(tcr_el1);
  READ(mair_el1);
  READ(ttbr0_el1);
  READ(ttbr1_el1);
  READ(cpacr_el1);
  READ(vbar_el1);
  READ(cntfrq_el0);
  READ(midr_el1);
  return 0;
}

#endif

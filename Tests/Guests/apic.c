/* `apic [mmio]`: looks for a local interrupt controller: prints what its base register and those of the x2APIC say;
   with `mmio` then reads its page, which the tender reports if there is none, status 1. Else status 0. */
#include "trap.h"

int32_t guest_main(void) {
  static const uint32_t registers[] = {0x1b, 0x802, 0x803, 0x80f, 0x832, 0x838};
  uint64_t value, base = 0xfee00000;
  trap_install();
  for (uint64_t i = 0; i < sizeof registers / sizeof *registers; i++) {
    if (try_read_msr(registers[i], &value)) say("%#x %#lx\n", registers[i], value);
    else say("%#x %s\n", registers[i], trap_name(trap_vector));
  }
  if (try_write_msr(0x1b, base | 0x900)) say("enabled\n");
  else say("enable %s\n", trap_name(trap_vector));
  if (!argument_is(0, "mmio")) return 0;
  volatile uint32_t *page = map_physical(base);
  say("id %#x\n", page[0x20 / 4]);
  say("version %#x\n", page[0x30 / 4]);
  page[0xf0 / 4] = 0x1ff;
  say("written\n");
  return 0;
}

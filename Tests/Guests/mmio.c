/* `mmio ADDRESS SIZE read|write [VALUE]`: one access of 1, 2, 4 or 8 bytes to a guest-physical address. Outside of
   memory the tender reports it, status 1; else prints `returned 0x...` and status 0. On x86_64 any address is
   reached, through page tables of the guest's own; on aarch64 what the tender mapped, with its hypercalls at
   0x100000000, and elsewhere `trap ...` and status 255. */
#include "trap.h"

int32_t guest_main(void) {
  uint64_t size = number(1, 4), value = number(3, 0);
  trap_install();
#if defined(__x86_64__)
  volatile void *address = map_physical(number(0, 0x100000000));
#else
  volatile void *address = (volatile void *)number(0, 0x100000200);
#endif
  if (argument_is(2, "write")) {
    if (size == 1) *(volatile uint8_t *)address = (uint8_t)value;
    else if (size == 2) *(volatile uint16_t *)address = (uint16_t)value;
    else if (size == 4) *(volatile uint32_t *)address = (uint32_t)value;
    else *(volatile uint64_t *)address = value;
  } else {
    if (size == 1) value = *(volatile uint8_t *)address;
    else if (size == 2) value = *(volatile uint16_t *)address;
    else if (size == 4) value = *(volatile uint32_t *)address;
    else value = *(volatile uint64_t *)address;
  }
  say("returned %#lx\n", value);
  return 0;
}

/* Traps without a trap table. The processor shuts down: the tender reports the exit (0x8), status 1. */
#include "guest.h"

int32_t guest_main(void) {
  struct __attribute__((packed)) { uint16_t limit; uint64_t base; } none = {0, 0};
  say("faulting\n");
  __asm__ volatile("lidt %0\n\tud2" : : "m"(none));
  say("survived\n");
  return 0;
}

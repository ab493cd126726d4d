/* Tries the performance counters and the time-stamp counter: `rdpmc 0xN ok` or `#GP`, and so on. Status 0. */
#include "trap.h"

int32_t guest_main(void) {
  static const uint32_t counters[] = {0, 1, 2, 3, 0x40000000, 0x40000001, 0x40000002};
  trap_install();
  for (uint64_t i = 0; i < sizeof counters / sizeof *counters; i++) {
    ATTEMPT("rdpmc", : : "c"(counters[i]) : "rax", "rdx", "memory");
    say("rdpmc %#x %s\n", counters[i], trap_name(trap_vector));
  }
  ATTEMPT("rdtsc", : : : "rax", "rdx", "memory");
  say("rdtsc %s\n", trap_name(trap_vector));
  return 0;
}

/* Tries the performance counters and the time-stamp counter: `rdpmc 0xN #GP`; `0` for a counter that can be read and
   stands still at 0, `counts` for any other; last `rdtsc ok`. Status 0. */
#include "trap.h"

int32_t guest_main(void) {
  static const uint32_t counters[] = {0, 1, 2, 3, 0x40000000, 0x40000001, 0x40000002};
  trap_install();
  for (uint64_t i = 0; i < sizeof counters / sizeof *counters; i++) {
    uint32_t seen = 0;
    for (uint64_t round = 0; round < 100; round++) {
      uint32_t low = 0, high = 0;
      ATTEMPT("rdpmc", : "+a"(low), "+d"(high) : "c"(counters[i]) : "memory");
      seen |= low | high;
      if (trap_vector != -1) break;
    }
    say("rdpmc %#x %s\n", counters[i], trap_vector != -1 ? trap_name(trap_vector) : seen == 0 ? "0" : "counts");
  }
  ATTEMPT("rdtsc", : : : "rax", "rdx", "memory");
  say("rdtsc %s\n", trap_name(trap_vector));
  return 0;
}

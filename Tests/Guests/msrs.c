/* `msrs [FIRST LAST]`: prints `0xNUMBER 0xVALUE` for each model-specific register that can be read, of the usual
   ranges or of the one given, then `readable N`. Status 0. */
#include "trap.h"

static uint64_t show(uint32_t first, uint32_t last) {
  uint64_t readable = 0, value;
  for (uint32_t msr = first;; msr++) {
    if (try_read_msr(msr, &value)) {
      say("%#x %#lx\n", msr, value);
      readable++;
    }
    if (msr == last) return readable;
  }
}

int32_t guest_main(void) {
  uint64_t readable = 0;
  trap_install();
  if (*argument(0)) {
    readable = show((uint32_t)number(0, 0), (uint32_t)number(1, 0));
  } else {
    readable += show(0x0, 0x1fff);
    readable += show(0x40000000, 0x40000fff);
    readable += show(0x4b564d00, 0x4b564d0f);
    readable += show(0xc0000000, 0xc0001fff);
    readable += show(0xc0010000, 0xc0011fff);
  }
  say("readable %lu\n", readable);
  return 0;
}

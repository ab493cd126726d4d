/* `msrs [FIRST LAST [write]]`: prints `0xNUMBER 0xVALUE` for each model-specific register that can be read, of the usual
   ranges or of the one given, then `readable N`. With `write` it writes 0 and then all ones to each instead, prints
   `0xNUMBER written`, then `writable N`; the bases of thread-local storage are passed over. Status 0. */
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

static uint64_t overwrite(uint32_t first, uint32_t last) {
  uint64_t writable = 0;
  for (uint32_t msr = first;; msr++) {
    if (msr != 0xc0000100 && msr != 0xc0000101 && (try_write_msr(msr, 0) || try_write_msr(msr, UINT64_MAX))) {
      say("%#x written\n", msr);
      writable++;
    }
    if (msr == last) return writable;
  }
}

int32_t guest_main(void) {
  uint64_t readable = 0;
  trap_install();
  if (argument_is(2, "write")) {
    say("writable %lu\n", overwrite((uint32_t)number(0, 0), (uint32_t)number(1, 0)));
    return 0;
  }
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

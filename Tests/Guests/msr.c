/* `msr NUMBER [VALUE]`: reads, or writes, one model-specific register: prints `read 0x...`, `written` or `#GP`.
   Status 0. */
#include "trap.h"

int32_t guest_main(void) {
  uint32_t msr = (uint32_t)number(0, 0x10);
  uint64_t value;
  trap_install();
  if (*argument(1)) {
    if (try_write_msr(msr, number(1, 0))) say("written\n");
    else say("%s\n", trap_name(trap_vector));
  } else {
    if (try_read_msr(msr, &value)) say("read %#lx\n", value);
    else say("%s\n", trap_name(trap_vector));
  }
  return 0;
}

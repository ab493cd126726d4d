/* `nullwrite [ADDRESS] [raw]`: writes there (0). As nullread; the boot information (0x10000 on) traps too. */
#include "trap.h"

int32_t guest_main(void) {
  if (!argument_is(0, "raw") && !argument_is(1, "raw")) trap_install();
  *(volatile uint64_t *)number(0, 0) = 1;
  say("written\n");
  return 0;
}

/* `nullread [ADDRESS] [raw]`: reads there (0). Unmapped: prints `trap ...` and halts with 255; `raw` has no handler
   (x86_64: shutdown, status 1; aarch64: loops). Mapped: prints `read 0x...`, status 0. */
#include "trap.h"

int32_t guest_main(void) {
  if (!argument_is(0, "raw") && !argument_is(1, "raw")) trap_install();
  say("read %#lx\n", *(volatile uint64_t *)number(0, 0));
  return 0;
}

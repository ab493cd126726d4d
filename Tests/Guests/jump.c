/* `jump ADDRESS [raw]`: jumps there (0). Where nothing is mapped it prints `trap ...` and halts with 255; `raw` has no
   trap handler, so that the processor gives up (x86_64: shutdown, status 1; aarch64: loops). Data can be executed. */
#include "trap.h"

int32_t guest_main(void) {
  if (!argument_is(1, "raw")) trap_install();
  ((void (*)(void))number(0, 0))();
  say("returned\n");
  return 0;
}

/* Stops the processor. x86_64: the tender reports the exit (0x5), status 1. aarch64: waits for ever. */
#include "guest.h"

int32_t guest_main(void) {
  say("halting the processor\n");
  wait_for_interrupt();
  say("woken\n");
  return 0;
}

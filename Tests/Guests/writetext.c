/* Writes to its own code. Prints `writing`; then the tender ends it with a translation fault, status 1.
   `written` and status 0 would mean that code is writable. */
#include "guest.h"

int32_t guest_main(void) {
  say("writing\n");
  volatile uint32_t *code = (volatile uint32_t *)(uintptr_t)guest_main;
  *code = *code;
  say("written\n");
  return 0;
}

/* Writes to its own constants. Prints `writing`; then the tender ends it with a translation fault, status 1.
   `written` and status 0 would mean that they are writable. */
#include "guest.h"

static const volatile uint32_t constant = 1;

int32_t guest_main(void) {
  say("writing\n");
  *(volatile uint32_t *)(uintptr_t)&constant = 2;
  say("written %u\n", constant);
  return 0;
}

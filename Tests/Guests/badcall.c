/* `badcall NUMBER [ADDRESS]`: makes that hypercall with 64 zero bytes, or the address. For 0, 9, 100 and the like the
   tender reports it, status 1; else prints `returned` and status 0. */
#include "guest.h"

int32_t guest_main(void) {
  static uint64_t nothing[8];
  hypercall_at(number(0, 0), number(1, (uintptr_t)nothing));
  say("returned\n");
  return 0;
}

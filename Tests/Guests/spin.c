/* Prints `spinning` and loops for ever. */
#include "guest.h"

int32_t guest_main(void) {
  say("spinning\n");
  pause_forever();
  return 0;
}

/* Recurses without end: the stack runs through all free memory and the guest's own data into its constants, which are
   read-only. The tender ends it with a translation fault, status 1. Quick in 2 MiB; it touches every page there is. */
#include "guest.h"

static uint64_t __attribute__((noinline)) recurse(uint64_t depth) {
  volatile char frame[2000];
  frame[0] = (char)depth;
  return depth == UINT64_MAX ? 0 : recurse(depth + 1) + (uint64_t)frame[0];
}

int32_t guest_main(void) {
  say("recursing\n");
  recurse(0);
  return 0;
}

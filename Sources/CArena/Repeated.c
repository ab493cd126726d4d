#include "CArena.h"
#include "CLinux.h"

#include <stdarg.h>

// The C library's calls that libcap makes, again as long as a signal interrupts them: libcap takes an interruption for
// a refusal.

int prctl(int operation, ...) {
  va_list rest;
  va_start(rest, operation);
  long a = va_arg(rest, long), b = va_arg(rest, long), c = va_arg(rest, long), d = va_arg(rest, long);
  va_end(rest);
  return clinux_answer(clinux_repeated_call(SYS_prctl, operation, a, b, c, d, 0));
}

int capget(void *header, void *sets) { return clinux_answer(clinux_repeated_short_call(SYS_capget, (long)header, (long)sets, 0)); }

int capset(void *header, const void *sets) {
  return clinux_answer(clinux_repeated_short_call(SYS_capset, (long)header, (long)sets, 0));
}

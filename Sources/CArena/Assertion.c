// What the C library calls for a failed assertion of libseccomp's.
//
// The C library's own would bring another 30 KB of its formatted output and translations into the program.
#include <unistd.h>

/// Says that an assertion failed, and ends this process.
_Noreturn void __assert_fail(const char *condition, const char *file, unsigned line, const char *function) {
  static const char text[] = "brig-hvt: an assertion failed in a library\n";
  (void)condition, (void)file, (void)line, (void)function;
  (void)!write(2, text, sizeof text - 1);
  __builtin_trap();
}

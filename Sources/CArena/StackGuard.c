#include "CArena.h"

#include <stdint.h>
#include <string.h>

// The stack protector, in place of musl's: its number lies among what carena_begin_main makes read-only, so that
// who may write anywhere doesn't choose it.
//
// It is read in two ways. The tender's own code has it as a variable, and Debian's libraries for x86_64 have it behind
// the thread pointer, which is as glibc lays that out.
__attribute__((section(".data.rel.ro"))) uintptr_t __stack_chk_guard;

/// Chooses the number; musl calls it before any function that is protected.
///
/// - entropy: the kernel's random bytes (AT_RANDOM of getauxval(3)), or null.
__attribute__((no_stack_protector)) void __init_ssp(void *entropy) {
  uintptr_t number = (uintptr_t)&__stack_chk_guard * 1103515245;
  if (entropy != NULL) memcpy(&number, entropy, sizeof number);
  // A string that is too long stops before a zero byte, and doesn't read the number.
  number &= ~(uintptr_t)0xff00;
  __stack_chk_guard = number;
#if defined(__x86_64__)
  __asm__ __volatile__("mov %0, %%fs:0x28" : : "r"(number) : "memory");
#endif
}

/// Ends the program, whose stack nobody may rely on.
_Noreturn void __stack_chk_fail(void) { __builtin_trap(); }

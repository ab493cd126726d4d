#define _GNU_SOURCE
#include "CLinux.h"

#include <limits.h>
#include <stddef.h>

long clinux_repeated_call(long number, long a, long b, long c, long d, long e, long f) {
  long result;
  do result = clinux_system_call(number, a, b, c, d, e, f); while (result == -EINTR);
  return result;
}

long clinux_repeated_short_call(long number, long a, long b, long c) {
  return clinux_repeated_call(number, a, b, c, 0, 0, 0);
}

long clinux_fork(long flags) {
  volatile pid_t own = 0;
  flags |= CLONE_CHILD_SETTID;
#if defined(__x86_64__)
  long child = clinux_repeated_call(SYS_clone, flags, 0, 0, (long)&own, 0, 0);
#else
  long child = clinux_repeated_call(SYS_clone, flags, 0, 0, 0, (long)&own, 0);
#endif
  return child == 0 && own == 0 ? -ENOSYS : child;
}

unsigned long clinux_trapped_argument(const void *context, int index) {
  const mcontext_t *machine = &((const ucontext_t *)context)->uc_mcontext;
#if defined(__x86_64__)
  static const int registers[6] = {REG_RDI, REG_RSI, REG_RDX, REG_R10, REG_R8, REG_R9};
  return (unsigned long)machine->gregs[registers[index]];
#else
  return machine->regs[index];
#endif
}

// What the kernel answered to the call that installs the filter; no answer is this one.
__attribute__((used, visibility("hidden"))) long clinux_filter_answer = LONG_MIN;

// The arguments are in the call's own registers already. Behind the call its answer is in a register until it is kept.
#if defined(__x86_64__)
_Static_assert(SYS_seccomp == 317, "the number below");
__asm__(".pushsection .text\n"
        ".globl clinux_install_filter\n"
        ".type clinux_install_filter, @function\n"
        "clinux_install_filter:\n"
        "  mov $317, %eax\n"
        "  syscall\n"
        "clinux_filter_answered:\n"
        "  mov %rax, clinux_filter_answer(%rip)\n"
        "clinux_filter_answer_kept:\n"
        "  ret\n"
        ".size clinux_install_filter, . - clinux_install_filter\n"
        ".popsection");
#else
_Static_assert(SYS_seccomp == 277, "the number below");
__asm__(".pushsection .text\n"
        ".globl clinux_install_filter\n"
        ".type clinux_install_filter, %function\n"
        "clinux_install_filter:\n"
        "  mov x8, #277\n"
        "  adrp x9, clinux_filter_answer\n"
        "  svc #0\n"
        "clinux_filter_answered:\n"
        "  str x0, [x9, :lo12:clinux_filter_answer]\n"
        "clinux_filter_answer_kept:\n"
        "  ret\n"
        ".size clinux_install_filter, . - clinux_install_filter\n"
        ".popsection");
#endif
extern const char clinux_filter_answered[] __attribute__((visibility("hidden")));
extern const char clinux_filter_answer_kept[] __attribute__((visibility("hidden")));

_Bool clinux_filter_was_installed(const void *context) {
  const mcontext_t *machine = &((const ucontext_t *)context)->uc_mcontext;
#if defined(__x86_64__)
  unsigned long place = machine->gregs[REG_RIP];
  long answer = machine->gregs[REG_RAX];
#else
  unsigned long place = machine->pc;
  long answer = machine->regs[0];
#endif
  // A filter that traps the call leaves its number there, or its first argument: neither is 0.
  if (place >= (unsigned long)clinux_filter_answered && place < (unsigned long)clinux_filter_answer_kept) return answer == 0;
  return *(volatile long *)&clinux_filter_answer == 0;
}

#ifdef PR_SET_MDWE
_Static_assert(PR_SET_MDWE == 65 && PR_MDWE_REFUSE_EXEC_GAIN == 1, "include/uapi/linux/prctl.h");
#endif
#ifdef PR_SET_MEMORY_MERGE
_Static_assert(PR_SET_MEMORY_MERGE == 67 && PR_GET_MEMORY_MERGE == 68, "include/uapi/linux/prctl.h");
#endif
_Static_assert(sizeof(struct seccomp_data) == 64, "include/uapi/linux/seccomp.h");

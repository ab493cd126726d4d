#define _GNU_SOURCE
#include "CArena.h"
#include "CLinux.h"

// What an outer seccomp filter traps before main has set a handler of its own: the C library's own calls, and libcap's. A
// filter that traps one of them would end the tender without a word.
//
// Nothing of the C library's is set up when this runs: system calls are made raw, and no function has a stack protector.
#define EARLY __attribute__((no_stack_protector))

static const struct { short number; char name[16]; } names[] = {
    {SYS_brk, "brk"},
    {SYS_set_tid_address, "set_tid_address"},
    {SYS_set_robust_list, "set_robust_list"},
    {SYS_rseq, "rseq"},
    {SYS_prlimit64, "prlimit64"},
    {SYS_getrandom, "getrandom"},
    {SYS_mprotect, "mprotect"},
    {SYS_mmap, "mmap"},
    {SYS_prctl, "prctl"},
    {SYS_capget, "capget"},
    {SYS_readlinkat, "readlinkat"},
#if defined(__x86_64__)
    {SYS_arch_prctl, "arch_prctl"},
    {SYS_readlink, "readlink"},
#endif
};

EARLY static char *append(char *end, const char *text) {
  while (*text != 0) *end++ = *text++;
  return end;
}

EARLY static void say_trapped(int signal, siginfo_t *information, void *context) {
  (void)signal;
  (void)context;
  static char line[512];
  // The C library sets the name before it runs constructors, and not before it looks for its file.
  const char *program = program_invocation_short_name;
  char *end = line;
  if (*program == 0) program = "brig-hvt";
  while (*program != 0 && end < line + 256) *end++ = *program++;
  end = append(end, ": an outer seccomp filter forbids ");
  int number = information->si_syscall, known = 0;
  for (unsigned index = 0; index < sizeof names / sizeof *names && !known; index++) {
    known = names[index].number == number;
    if (known) end = append(end, names[index].name);
  }
  if (!known) {
    char digits[12], *digit = digits;
    end = append(end, "system call ");
    do *digit++ = '0' + number % 10; while ((number /= 10) > 0);
    while (digit > digits) *end++ = *--digit;
  }
  *end++ = '\n';
  clinux_system_call(SYS_write, 2, (long)line, end - line, 0, 0, 0);
  clinux_system_call(SYS_exit_group, 1, 0, 0, 0, 0, 0);
}

static void nothing(void) {}

// The kernel's structure (include/linux/signal_types.h); x86_64 delivers no signal without SA_RESTORER.
struct kernel_action { void *handler; unsigned long flags; void *restorer; unsigned long mask; };

EARLY __attribute__((used)) static void (*catch_trapped(void))(void) {
  struct kernel_action action = {(void *)say_trapped, SA_SIGINFO | 0x04000000, (void *)say_trapped, 0};
  clinux_system_call(SYS_rt_sigaction, SIGSYS, (long)&action, 0, sizeof action.mask, 0, 0);
  return nothing;
}

// The resolver of an indirect function runs while the program relocates itself: before everything else. The compiler's
// attribute for it is missing where the target has no operating system, as for aarch64 here.
__asm__(".globl carena_early\n"
        ".type carena_early, %gnu_indirect_function\n"
        ".set carena_early, catch_trapped\n");

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

static int act(int number, const struct sigaction *_Nullable action, struct sigaction *_Nullable old) {
  int result;
  do result = sigaction(number, action, old); while (result != 0 && errno == EINTR);
  return result;
}

static int mask(const sigset_t *_Nullable set, sigset_t *_Nullable old) {
  int result;
  do result = sigprocmask(SIG_SETMASK, set, old); while (result != 0 && errno == EINTR);
  return result;
}

int clinux_catch_signal(int number, clinux_handler *handler) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
  sigfillset(&action.sa_mask);
  // Its handler tries further calls that an outer filter may trap (CCalls).
  if (number == SIGSYS) {
    sigdelset(&action.sa_mask, SIGSYS);
    action.sa_flags |= SA_NODEFER;
  }
  return act(number, &action, NULL);
}

int clinux_reset_signal(int number) { return act(number, &(struct sigaction){.sa_handler = SIG_DFL}, NULL); }

int clinux_ignore_signal(int number) { return act(number, &(struct sigaction){.sa_handler = SIG_IGN}, NULL); }

int clinux_block_signals(sigset_t *before) {
  sigset_t all;
  sigfillset(&all);
  // Where the kernel doesn't write, none was blocked by this call either.
  sigemptyset(before);
  return mask(&all, before);
}

int clinux_restore_signals(const sigset_t *before) {
  sigset_t now;
  sigfillset(&now);
  if (mask(before, NULL) != 0 || mask(NULL, &now) != 0) return -1;
  for (int number = 1; number < NSIG; number++) {
    if (sigismember(&now, number) == sigismember(before, number)) continue;
    errno = ENOSYS;
    return -1;
  }
  return 0;
}

int clinux_unblock_signals(void) {
  sigset_t none;
  sigemptyset(&none);
  return mask(&none, NULL);
}

_Bool clinux_handles(int number, clinux_handler *handler) {
  // What the kernel doesn't write is nobody's handler. The C library would hand on what its stack held. The structure
  // is the kernel's (include/linux/signal_types.h).
  struct { clinux_handler *handler; unsigned long flags; void *restorer; unsigned long mask; } action = {
      .handler = (clinux_handler *)SIG_ERR};
  long result = clinux_repeated_call(SYS_rt_sigaction, number, 0, (long)&action, sizeof action.mask, 0, 0);
  return result == 0 && action.handler == handler;
}

clinux_handler *clinux_ignored(void) { return (clinux_handler *)SIG_IGN; }

_Bool clinux_blocks_no_signal(void) {
  sigset_t blocked;
  sigfillset(&blocked);
  return mask(NULL, &blocked) == 0 && sigisemptyset(&blocked);
}

const char *clinux_error_description(int number) { return strerrordesc_np(number); }

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

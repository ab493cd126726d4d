#define _GNU_SOURCE
#include "CLinux.h"

#include <stddef.h>

long clinux_repeated_call(long number, long a, long b, long c, long d, long e, long f) {
  long result;
  do result = clinux_system_call(number, a, b, c, d, e, f); while (result == -EINTR);
  return result;
}

long clinux_repeated_short_call(long number, long a, long b, long c) {
  return clinux_repeated_call(number, a, b, c, 0, 0, 0);
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

int clinux_catch_signal(int number, void (*handler)(int, siginfo_t *, void *)) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
  sigfillset(&action.sa_mask);
  return act(number, &action, NULL);
}

int clinux_reset_signal(int number) { return act(number, &(struct sigaction){.sa_handler = SIG_DFL}, NULL); }

int clinux_ignore_signal(int number) { return act(number, &(struct sigaction){.sa_handler = SIG_IGN}, NULL); }

int clinux_unblock_signals(void) {
  sigset_t none;
  sigemptyset(&none);
  return mask(&none, NULL);
}

_Bool clinux_catches(int number, void (*handler)(int, siginfo_t *, void *)) {
  struct sigaction action = {.sa_handler = SIG_DFL};
  sigset_t blocked;
  sigfillset(&blocked);
  if (act(number, NULL, &action) != 0 || mask(NULL, &blocked) != 0) return 0;
  return action.sa_sigaction == handler && sigisemptyset(&blocked);
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

#ifdef PR_SET_MDWE
_Static_assert(PR_SET_MDWE == 65 && PR_MDWE_REFUSE_EXEC_GAIN == 1, "include/uapi/linux/prctl.h");
#endif
#ifdef PR_SET_MEMORY_MERGE
_Static_assert(PR_SET_MEMORY_MERGE == 67, "include/uapi/linux/prctl.h");
#endif
_Static_assert(sizeof(struct seccomp_data) == 64, "include/uapi/linux/seccomp.h");

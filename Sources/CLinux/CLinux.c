#define _GNU_SOURCE
#include "CLinux.h"

#include <stddef.h>

int clinux_catch_signal(int number, clinux_handler *handler) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
  sigfillset(&action.sa_mask);
  return sigaction(number, &action, NULL);
}

int clinux_reset_signal(int number) {
  return sigaction(number, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
}

int clinux_ignore_signal(int number) {
  return sigaction(number, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
}

int clinux_unblock_signals(void) {
  sigset_t none;
  sigemptyset(&none);
  return sigprocmask(SIG_SETMASK, &none, NULL);
}

_Bool clinux_handles(int number, clinux_handler *handler) {
  // What the kernel doesn't write is nobody's handler. The C library would hand on what its stack held. The structure is the
  // kernel's (include/linux/signal_types.h).
  struct { clinux_handler *handler; unsigned long flags; void *restorer; unsigned long mask; } action = {
      .handler = (clinux_handler *)SIG_ERR};
  long result = clinux_system_call(SYS_rt_sigaction, number, 0, (long)&action, sizeof action.mask, 0, 0);
  return result == 0 && action.handler == handler;
}

clinux_handler *clinux_ignored(void) { return (clinux_handler *)SIG_IGN; }

_Bool clinux_blocks_no_signal(void) {
  sigset_t blocked;
  sigfillset(&blocked);
  return sigprocmask(SIG_SETMASK, NULL, &blocked) == 0 && sigisemptyset(&blocked);
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
_Static_assert(PR_SET_MEMORY_MERGE == 67 && PR_GET_MEMORY_MERGE == 68, "include/uapi/linux/prctl.h");
#endif
_Static_assert(sizeof(struct seccomp_data) == 64, "include/uapi/linux/seccomp.h");

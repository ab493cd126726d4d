#define _GNU_SOURCE
#include "CLinux.h"

// The kernel's calls are made as they are: a C library keeps some signals to itself, hides them from who asks, and
// makes further calls for others.

// Where a handler goes on that returns: x86_64's kernel delivers no signal without (SA_RESTORER), aarch64's has its
// own.
#if defined(__x86_64__)
__asm__(".text\n.globl clinux_restore_context\n.hidden clinux_restore_context\n.type clinux_restore_context, %function\n"
        "clinux_restore_context:\n\tmov $15, %eax\n\tsyscall\n.size clinux_restore_context, . - clinux_restore_context\n");
extern void clinux_restore_context(void);
#endif

enum { signals = 64 };

static unsigned long bit(int number) { return 1ul << (number - 1); }

static long act(int number, const struct clinux_action *_Nullable action, struct clinux_action *_Nullable old) {
  return clinux_repeated_call(SYS_rt_sigaction, number, (long)action, (long)old, sizeof action->mask, 0, 0);
}

static long mask(const unsigned long *_Nullable set, unsigned long *_Nullable old) {
  return clinux_repeated_call(SYS_rt_sigprocmask, SIG_SETMASK, (long)set, (long)old, sizeof *set, 0, 0);
}

static int set(int number, const void *handler) {
  return clinux_answer(act(number, &(struct clinux_action){.handler = (clinux_handler *)handler}, NULL));
}

int clinux_catch_signal(int number, clinux_handler *handler) {
  struct clinux_action action = {.handler = handler, .flags = SA_SIGINFO, .mask = ~0ul};
#if defined(__x86_64__)
  action.flags |= CLINUX_SA_RESTORER;
  action.restorer = clinux_restore_context;
#endif
  // Its handler tries further calls that an outer filter may trap (CCalls).
  if (number == SIGSYS) {
    action.mask &= ~bit(SIGSYS);
    action.flags |= SA_NODEFER;
  }
  return clinux_answer(act(number, &action, NULL));
}

int clinux_reset_signal(int number) { return set(number, (void *)SIG_DFL); }

int clinux_ignore_signal(int number) { return set(number, (void *)SIG_IGN); }

clinux_handler *clinux_ignored(void) { return (clinux_handler *)SIG_IGN; }

_Bool clinux_handles(int number, clinux_handler *handler) {
  // What the kernel doesn't write is nobody's handler.
  struct clinux_action action = {.handler = (clinux_handler *)SIG_ERR};
  return act(number, NULL, &action) == 0 && action.handler == handler;
}

int clinux_drop_pending_signals(void) {
  const struct clinux_action ignore = {.handler = (clinux_handler *)SIG_IGN};
  struct clinux_action before;
  unsigned long blocked = 0;
  if (clinux_answer(mask(NULL, &blocked)) != 0) return -1;
  for (int number = 1; number <= signals; number++) {
    if ((blocked & bit(number)) == 0 || act(number, NULL, &before) != 0) continue;
    // Being ignored for a moment makes the kernel forget it (sigaction(2)).
    if (before.handler == (clinux_handler *)SIG_DFL && act(number, &ignore, NULL) == 0) act(number, &before, NULL);
  }
  return 0;
}

int clinux_block_signals(unsigned long *before) {
  const unsigned long all = ~0ul;
  // Where the kernel doesn't write, none was blocked by this call either.
  *before = 0;
  return clinux_answer(mask(&all, before));
}

int clinux_restore_signals(unsigned long before) {
  unsigned long now = ~before;
  long result = mask(&before, NULL);
  if (result == 0) result = mask(NULL, &now);
  return clinux_answer(result == 0 && now != before ? -ENOSYS : result);
}

int clinux_unblock_signals(void) { return clinux_answer(mask(&(unsigned long){0}, NULL)); }

_Bool clinux_blocks_no_signal(void) {
  unsigned long blocked = ~0ul;
  return mask(NULL, &blocked) == 0 && blocked == 0;
}

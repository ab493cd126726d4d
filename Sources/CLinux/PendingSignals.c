#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>

static int act(int number, const struct sigaction *_Nullable action, struct sigaction *_Nullable old) {
  int result;
  do result = sigaction(number, action, old); while (result != 0 && errno == EINTR);
  return result;
}

int clinux_drop_pending_signals(void) {
  const struct sigaction ignore = {.sa_handler = SIG_IGN};
  struct sigaction before;
  sigset_t blocked;
  while (sigprocmask(SIG_SETMASK, NULL, &blocked) != 0) {
    if (errno != EINTR) return -1;
  }
  for (int number = 1; number < NSIG; number++) {
    if (sigismember(&blocked, number) != 1 || act(number, NULL, &before) != 0) continue;
    // Being ignored for a moment makes the kernel forget it (sigaction(2)).
    if (before.sa_handler == SIG_DFL && act(number, &ignore, NULL) == 0) act(number, &before, NULL);
  }
  return 0;
}

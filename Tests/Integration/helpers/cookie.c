// cookie PID
// cookie --new COMMAND [ARG]...
//
// Prints the core-scheduling cookie of a process, 0 for none, or `none here` where the machine has no threads that share a core
// or the kernel no core scheduling. With --new a command is executed with a cookie that is made for it. Root only.
#include "common.h"
#include <sys/prctl.h>

#ifndef PR_SCHED_CORE
#define PR_SCHED_CORE 62
#define PR_SCHED_CORE_GET 0
#define PR_SCHED_CORE_CREATE 1
#endif

int main(int count, char **arguments) {
  if (count > 2 && strcmp(arguments[1], "--new") == 0) {
    must(prctl(PR_SCHED_CORE, PR_SCHED_CORE_CREATE, 0, 0, 0));
    execv(arguments[2], arguments + 2);
    err(trouble, "%s", arguments[2]);
  }
  if (count != 2) errx(trouble, "usage: cookie PID");
  unsigned long cookie = 0;
  if (prctl(PR_SCHED_CORE, PR_SCHED_CORE_GET, number(arguments[1]), 0, &cookie) == 0) {
    printf("%lu\n", cookie);
  } else if (errno == ENODEV || errno == EINVAL) {
    printf("none here\n");
  } else {
    err(trouble, "PR_SCHED_CORE_GET");
  }
}

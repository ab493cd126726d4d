#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// libcap asks the kernel with prctl before main; a filter that traps it would end the tender without a word. Whatever else
// is trapped has its handler once main has begun.
static void say_trapped(int signal, siginfo_t *information, void *context) {
  static const char message[] = ": an outer seccomp filter forbids prctl\n";
  (void)signal;
  (void)context;
  if (information->si_syscall == SYS_prctl) {
    ssize_t ignored = write(2, program_invocation_short_name, strlen(program_invocation_short_name));
    ignored = write(2, message, sizeof message - 1);
    (void)ignored;
  }
  _exit(1);
}

// libcap's constructor has priority 300.
__attribute__((constructor(200))) static void catch_trapped(void) {
  sigaction(SIGSYS, &(struct sigaction){.sa_sigaction = say_trapped, .sa_flags = SA_SIGINFO}, NULL);
}

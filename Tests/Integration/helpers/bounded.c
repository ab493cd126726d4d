// bounded SECONDS FILE COMMAND [ARG]...
//
// Runs a command and writes what it used to a file: `STATUS RESIDENT CPU WALL`, that is its status (`signal:N` if it died of
// one), the most memory it had resident in KiB, and its processor time and its life in milliseconds. After so many seconds it
// gets SIGTERM, and if that is in vain for as long again, SIGKILL, which makes STATUS `late`. Status: 0.
#include "common.h"
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

static pid_t child;
static volatile sig_atomic_t late;

static unsigned patience;

static void end(int signal) {
  (void)signal;
  kill(child, late++ == 0 ? SIGTERM : SIGKILL);
  alarm(patience);
}

static long milliseconds(struct timeval time) { return time.tv_sec * 1000 + time.tv_usec / 1000; }

static long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

int main(int count, char **arguments) {
  if (count < 4) errx(trouble, "usage: bounded SECONDS FILE COMMAND [ARG]...");
  patience = number(arguments[1]);
  long begin = now();
  child = must(fork());
  if (child == 0) {
    execvp(arguments[3], arguments + 3);
    err(trouble, "%s", arguments[3]);
  }
  sigaction(SIGALRM, &(struct sigaction){.sa_handler = end}, NULL);
  alarm(patience);
  int status;
  struct rusage usage;
  while (wait4(child, &status, 0, &usage) < 0) if (errno != EINTR) err(trouble, "wait4");
  FILE *file = fopen(arguments[2], "w");
  if (file == NULL) err(trouble, "%s", arguments[2]);
  if (late > 1) fputs("late", file);
  else fprintf(file, WIFEXITED(status) ? "%d" : "signal:%d", WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
  fprintf(file, " %ld %ld %ld\n", usage.ru_maxrss, milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime), now() - begin);
  fclose(file);
}

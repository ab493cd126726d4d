// bounded SECONDS FILE COMMAND [ARG]...
//
// Runs a command and writes what it used to a file: `STATUS RESIDENT CPU WALL`, that is its status (128 and the signal if it
// died of one, 124 if it was ended after so many seconds), the most memory it had resident in KiB, and its processor
// time and its life in milliseconds. Status: the same.
#include "common.h"
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

static pid_t child;
static volatile sig_atomic_t late;

static void end(int signal) {
  late = signal;
  kill(child, SIGKILL);
}

static long milliseconds(struct timeval time) { return time.tv_sec * 1000 + time.tv_usec / 1000; }

static long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

int main(int count, char **arguments) {
  if (count < 4) errx(trouble, "usage: bounded SECONDS FILE COMMAND [ARG]...");
  long begin = now();
  child = must(fork());
  if (child == 0) {
    execvp(arguments[3], arguments + 3);
    err(trouble, "%s", arguments[3]);
  }
  sigaction(SIGALRM, &(struct sigaction){.sa_handler = end}, NULL);
  alarm(number(arguments[1]));
  int status;
  struct rusage usage;
  while (wait4(child, &status, 0, &usage) < 0) if (errno != EINTR) err(trouble, "wait4");
  int code = late ? 124 : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  FILE *file = fopen(arguments[2], "w");
  if (file == NULL) err(trouble, "%s", arguments[2]);
  fprintf(file, "%d %ld %ld %ld\n", code, usage.ru_maxrss, milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime), now() - begin);
  fclose(file);
  return code;
}

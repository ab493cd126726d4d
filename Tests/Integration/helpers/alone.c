// alone COMMAND [ARG]...
//
// Executes a command, and ends it once it makes a process or a thread: then it says so, with status 98. Otherwise the status is
// the command's, or 128 and the signal that ended it.
//
// A seccomp filter that kills whoever makes one wouldn't do, because under such a filter the tender asks a child what it forbids.
#include "common.h"
#include <sys/ptrace.h>
#include <sys/wait.h>

int main(int count, char **arguments) {
  if (count < 2) errx(trouble, "usage: alone COMMAND [ARG]...");
  int child = must(fork());
  if (child == 0) {
    must(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
    execvp(arguments[1], arguments + 1);
    err(trouble, "%s", arguments[1]);
  }
  // The first stop is behind execve.
  int status;
  must(waitpid(child, &status, 0));
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  must(ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_EXITKILL | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE));
  for (int signal = 0;; signal = WSTOPSIG(status)) {
    must(ptrace(PTRACE_CONT, child, NULL, signal));
    must(waitpid(child, &status, 0));
    if (WIFEXITED(status)) return WEXITSTATUS(status);
    if (WIFSIGNALED(status)) return 128 + WTERMSIG(status);
    if (status >> 16 != 0) {
      unsigned long made = 0;
      must(ptrace(PTRACE_GETEVENTMSG, child, NULL, &made));
      fprintf(stderr, "alone: it made %lu\n", made);
      return 98;
    }
  }
}

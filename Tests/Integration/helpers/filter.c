// filter PID
//
// Writes the seccomp program that a live process installed last to standard output, as the kernel has it. Root only.
#include "common.h"
#include <linux/filter.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#ifndef PTRACE_SECCOMP_GET_FILTER
#define PTRACE_SECCOMP_GET_FILTER 0x420c
#endif

int main(int count, char **arguments) {
  if (count != 2) errx(trouble, "usage: filter PID");
  int pid = number(arguments[1]);
  must(ptrace(PTRACE_SEIZE, pid, NULL, 0));
  must(ptrace(PTRACE_INTERRUPT, pid, NULL, NULL));
  must(waitpid(pid, NULL, __WALL));
  static struct sock_filter program[BPF_MAXINSNS];
  // The kernel counts them from the one that was installed first.
  long index = 0;
  while (ptrace(PTRACE_SECCOMP_GET_FILTER, pid, index + 1, NULL) > 0) index++;
  long length = must(ptrace(PTRACE_SECCOMP_GET_FILTER, pid, index, program));
  must(write(1, program, length * sizeof *program));
  must(ptrace(PTRACE_DETACH, pid, NULL, 0));
}

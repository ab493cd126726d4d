// made PID COUNT
//
// Watches a live process make so many system calls, and prints each number that was among them and how often: `NUMBER TIMES`.
// The process goes on as before. Root only; the process needn't be dumpable.
#include "common.h"
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

enum { numbers = 1024 };

int main(int count, char **arguments) {
  if (count != 3) errx(trouble, "usage: made PID COUNT");
  int pid = number(arguments[1]);
  unsigned long left = number(arguments[2]), times[numbers] = {0};
  must(ptrace(PTRACE_SEIZE, pid, NULL, PTRACE_O_TRACESYSGOOD));
  must(ptrace(PTRACE_INTERRUPT, pid, NULL, NULL));
  while (left > 0) {
    int status;
    must(waitpid(pid, &status, __WALL));
    if (!WIFSTOPPED(status)) errx(trouble, "process %d ended: %#x", pid, status);
    struct __ptrace_syscall_info call;
    must(ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof call, &call));
    if (call.op == PTRACE_SYSCALL_INFO_ENTRY && call.entry.nr < numbers) {
      times[call.entry.nr]++;
      left--;
    }
    if (left > 0) must(ptrace(PTRACE_SYSCALL, pid, NULL, 0));
  }
  must(ptrace(PTRACE_DETACH, pid, NULL, 0));
  for (int index = 0; index < numbers; index++)
    if (times[index] > 0) printf("%d %lu\n", index, times[index]);
}

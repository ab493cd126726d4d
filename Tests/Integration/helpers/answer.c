// answer CALL ARGUMENT TIME RESULT COMMAND [ARG]...
//
// Executes a command whose system call of this name with this first argument, at its TIMEth time (from 1 on), isn't made and
// answers RESULT, which a filter can't unless it is an error. Status: the command's, or 128 and the signal that ended it.
#include "calls.h"
#include <elf.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>

#if defined(__x86_64__)
#include <sys/user.h>
typedef struct user_regs_struct Registers;
static void set_result(Registers *registers, long result) { registers->rax = result; }
#elif defined(__aarch64__)
#include <asm/ptrace.h>
typedef struct user_pt_regs Registers;
static void set_result(Registers *registers, long result) { registers->regs[0] = result; }
#endif

// Leaves out the call that is about to be made.
static void skip(int pid) {
#if defined(__x86_64__)
  Registers registers;
  struct iovec vector = {&registers, sizeof registers};
  must(ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &vector));
  registers.orig_rax = -1;
  must(ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &vector));
#else
  int none = -1;
  must(ptrace(PTRACE_SETREGSET, pid, NT_ARM_SYSTEM_CALL, &(struct iovec){&none, sizeof none}));
#endif
}

static void give(int pid, long result) {
  Registers registers;
  struct iovec vector = {&registers, sizeof registers};
  must(ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &vector));
  set_result(&registers, result);
  must(ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &vector));
}

int main(int count, char **arguments) {
  if (count < 6) errx(trouble, "usage: answer CALL ARGUMENT TIME RESULT COMMAND [ARG]...");
  unsigned long call = call_number(arguments[1]), argument = number(arguments[2]), left = number(arguments[3]);
  long result = number(arguments[4]);
  pid_t child = must(fork());
  if (child == 0) {
    must(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
    execv(arguments[5], arguments + 5);
    err(trouble, "%s", arguments[5]);
  }
  int status;
  must(waitpid(child, &status, 0));
  if (!WIFSTOPPED(status)) return trouble;
  must(ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL));
  bool skipped = false;
  for (int signal = 0;;) {
    must(ptrace(PTRACE_SYSCALL, child, NULL, signal));
    must(waitpid(child, &status, 0));
    if (!WIFSTOPPED(status)) break;
    signal = WSTOPSIG(status) == (SIGTRAP | 0x80) ? 0 : WSTOPSIG(status);
    if (signal != 0) continue;
    struct __ptrace_syscall_info info;
    must(ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof info, &info));
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY && left > 0 && info.entry.nr == call && info.entry.args[0] == argument && --left == 0) {
      skip(child);
      skipped = true;
    } else if (skipped) {
      give(child, result);
      skipped = false;
    }
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// midway CALL[,ARGUMENT]... SCRIPT COMMAND [ARG]...
//
// Runs a command, and has a shell run a script before the command's first system call of this name with these first arguments begins:
// numbers, or _ for any. The command's status, or 98 where it makes none.
#include "calls.h"
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <linux/ptrace.h>

enum { none = 98 };

static void run(const char *script) {
  int status, shell = must(fork());
  if (shell == 0) {
    execlp("sh", "sh", "-c", script, NULL);
    err(trouble, "sh");
  }
  must(waitpid(shell, &status, 0));
  if (status != 0) errx(trouble, "the script ended with %#x", status);
}

// The first arguments that are wanted, and which of them are.
static unsigned long arguments_wanted[6];
static bool is_wanted[6];

static unsigned long parse(char *rule) {
  unsigned long call = call_number(strtok(rule, ","));
  char *word;
  for (int index = 0; index < 6 && (word = strtok(NULL, ",")) != NULL; index++) {
    is_wanted[index] = strcmp(word, "_") != 0;
    if (is_wanted[index]) arguments_wanted[index] = number(word);
  }
  return call;
}

static bool matches(const struct __ptrace_syscall_info *info) {
  for (int index = 0; index < 6; index++)
    if (is_wanted[index] && info->entry.args[index] != arguments_wanted[index]) return false;
  return true;
}

int main(int count, char **arguments) {
  if (count < 4) errx(trouble, "usage: midway CALL[,ARGUMENT]... SCRIPT COMMAND [ARG]...");
  unsigned long wanted = parse(arguments[1]);
  bool seen = false;
  int child = must(fork());
  if (child == 0) {
    must(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
    execv(arguments[3], arguments + 3);
    err(trouble, "%s", arguments[3]);
  }
  int status;
  must(waitpid(child, &status, __WALL));
  must(ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL));
  for (int signal = 0; !WIFEXITED(status) && !WIFSIGNALED(status);) {
    must(ptrace(seen ? PTRACE_CONT : PTRACE_SYSCALL, child, NULL, signal));
    must(waitpid(child, &status, __WALL));
    if (!WIFSTOPPED(status)) break;
    signal = WSTOPSIG(status) == (SIGTRAP | 0x80) ? 0 : WSTOPSIG(status);
    struct __ptrace_syscall_info info;
    if (signal != 0 || ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof info, &info) < 0) continue;
    if (info.op != PTRACE_SYSCALL_INFO_ENTRY || info.entry.nr != wanted || !matches(&info)) continue;
    seen = true;
    run(arguments[2]);
  }
  if (!seen) return none;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

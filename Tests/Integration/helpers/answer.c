// answer CALL ARGUMENTS TIME RESULT[:COUNT] [and CALL ARGUMENTS TIME RESULT[:COUNT]]... COMMAND [ARG]...
//
// Executes a command whose system call of this name with these first arguments, at its TIMEth time (from 1 on), isn't made and
// answers RESULT, which a filter can't unless it is an error. ARGUMENTS are numbers with commas between, _ for any. COUNT numbers
// of 64 bits are printed of what the third argument points to, on standard error; a call that points to nothing is made and doesn't
// count. Status: the command's, or 128 and the signal that ended it.
#include "calls.h"
#include <elf.h>
#include <errno.h>
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

// A call that is answered.
struct rule {
  unsigned long call, arguments[3], left;
  bool any[3];
  long result;
  int shown;
};

static struct rule rules[16];
static int rule_count;

static void add_rule(char **words) {
  if (rule_count == sizeof rules / sizeof rules[0]) errx(trouble, "too many calls");
  struct rule *rule = &rules[rule_count++];
  rule->call = call_number(words[0]);
  for (int index = 0; index < 3; index++) rule->any[index] = true;
  int index = 0;
  for (char *word = strtok(words[1], ","); word != NULL && index < 3; word = strtok(NULL, ","), index++) {
    rule->any[index] = strcmp(word, "_") == 0;
    if (!rule->any[index]) rule->arguments[index] = number(word);
  }
  rule->left = number(words[2]);
  char *shown = strchr(words[3], ':');
  if (shown != NULL) {
    *shown++ = 0;
    rule->shown = number(shown);
  }
  rule->result = number(words[3]);
}

static bool is_readable(int pid, unsigned long place) {
  errno = 0;
  return ptrace(PTRACE_PEEKDATA, pid, place, NULL) != -1 || errno == 0;
}

// The rule by which this call is answered now.
static const struct rule *rule_for(int pid, const struct __ptrace_syscall_info *info) {
  const struct rule *found = NULL;
  for (struct rule *rule = rules; rule < rules + rule_count; rule++) {
    bool matches = info->entry.nr == rule->call;
    for (int index = 0; index < 3; index++)
      matches = matches && (rule->any[index] || info->entry.args[index] == rule->arguments[index]);
    matches = matches && (rule->shown == 0 || is_readable(pid, info->entry.args[2]));
    if (matches && rule->left > 0 && --rule->left == 0) found = rule;
  }
  return found;
}

static void show(int pid, unsigned long place, int words) {
  for (int index = 0; index < words; index++)
    fprintf(stderr, "%#lx%c", (unsigned long)ptrace(PTRACE_PEEKDATA, pid, place + 8 * index, NULL), index + 1 < words ? ' ' : '\n');
}

int main(int count, char **arguments) {
  int next = 1;
  for (bool more = true; more; next += more) {
    if (count - next < 5) errx(trouble, "usage: answer CALL ARGUMENTS TIME RESULT[:COUNT] [and ...] COMMAND [ARG]...");
    add_rule(arguments + next);
    next += 4;
    more = strcmp(arguments[next], "and") == 0;
  }
  pid_t child = must(fork());
  if (child == 0) {
    must(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
    execv(arguments[next], arguments + next);
    err(trouble, "%s", arguments[next]);
  }
  int status;
  must(waitpid(child, &status, 0));
  if (!WIFSTOPPED(status)) return trouble;
  must(ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL));
  const struct rule *skipped = NULL;
  for (int signal = 0;;) {
    must(ptrace(PTRACE_SYSCALL, child, NULL, signal));
    must(waitpid(child, &status, 0));
    if (!WIFSTOPPED(status)) break;
    signal = WSTOPSIG(status) == (SIGTRAP | 0x80) ? 0 : WSTOPSIG(status);
    if (signal != 0) continue;
    struct __ptrace_syscall_info info;
    must(ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof info, &info));
    const struct rule *rule = info.op == PTRACE_SYSCALL_INFO_ENTRY ? rule_for(child, &info) : NULL;
    if (rule != NULL) {
      show(child, info.entry.args[2], rule->shown);
      skip(child);
      skipped = rule;
    } else if (skipped != NULL) {
      give(child, skipped->result);
      skipped = NULL;
    }
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

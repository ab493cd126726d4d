// record TRACE RECEIPT COMMAND [ARG]...
//
// Executes a tender in its own place, and records from outside which system calls it makes once it is sealed. The recorder
// is a grandchild, so the tender keeps the process id that it was started with, and has no child that it doesn't know of.
//
// The tender writes its receipt to RECEIPT, or where its own --receipt=PATH says; then RECEIPT becomes a copy of that, made
// when the filter is installed. TRACE gets a line `sealed` by then, and one for each call behind it, in hexadecimal digits:
// the architecture (AUDIT_ARCH_*), the number, and the six arguments. A call is recorded before a filter is asked.
#include "common.h"
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <linux/ptrace.h>

static FILE *trace;

// Copies what a tender wrote where its own option says.
static void copy(const char *from, const char *to) {
  char bytes[65536];
  int in = must(open(from, O_RDONLY | O_CLOEXEC)), out = must(open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  for (ssize_t count; (count = must(read(in, bytes, sizeof bytes))) > 0;)
    if (must(write(out, bytes, count)) != count) errx(trouble, "%s: written in part", to);
  close(in);
  close(out);
}

// Lets the process go on after a stop, with a signal or none.
static void go_on(int pid, int signal) {
  if (ptrace(PTRACE_SYSCALL, pid, NULL, signal) < 0 && errno != ESRCH) err(trouble, "PTRACE_SYSCALL");
}

// Notes a call: on its way in once the filter is installed, which is known on the way out.
static void note(int pid, const char *own, const char *receipt) {
  static bool sealed;
  static unsigned long call[7];
  struct ptrace_syscall_info info;
  if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) < 0) return;
  if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
    call[0] = info.entry.nr;
    for (int index = 0; index < 6; index++) call[index + 1] = info.entry.args[index];
    if (!sealed) return;
    fprintf(trace, "%x", info.arch);
    for (int index = 0; index < 7; index++) fprintf(trace, " %lx", call[index]);
    fputc('\n', trace);
    fflush(trace);
  } else if (info.op == PTRACE_SYSCALL_INFO_EXIT && !sealed && call[0] == __NR_seccomp && call[1] == 1 &&
             info.exit.rval == 0) {
    sealed = true;
    if (own != NULL) copy(own, receipt);
    fputs("sealed\n", trace);
    fflush(trace);
  }
}

static void follow(int pid, const char *own, const char *receipt) {
  for (;;) {
    int status;
    if (waitpid(pid, &status, __WALL) < 0) return;
    if (!WIFSTOPPED(status)) return;
    int signal = WSTOPSIG(status), event = status >> 16;
    if (signal == (SIGTRAP | 0x80)) {
      note(pid, own, receipt);
      signal = 0;
    } else if (event == PTRACE_EVENT_STOP && signal != SIGTRAP) {
      // The process is to stay stopped, as a launcher wants it.
      if (ptrace(PTRACE_LISTEN, pid, NULL, NULL) < 0 && errno != ESRCH) err(trouble, "PTRACE_LISTEN");
      continue;
    } else if (event != 0) {
      signal = 0;
    }
    go_on(pid, signal);
  }
}

int main(int count, char **arguments) {
  if (count < 4) errx(trouble, "usage: record TRACE RECEIPT COMMAND [ARG]...");
  const char *receipt = arguments[2], *own = NULL;
  for (int index = 4; index < count && strncmp(arguments[index], "--", 2) == 0 && arguments[index][2] != 0; index++) {
    const char *value = value_of(arguments[index], "--receipt");
    if (value != NULL) own = value;
  }
  if (own != NULL && own[0] == '@') errx(trouble, "a receipt that goes to a descriptor can't be copied");
  char **command = calloc(count + 1, sizeof *command), *option;
  must(asprintf(&option, "--receipt=%s", receipt));
  int used = 0;
  command[used++] = arguments[3];
  if (own == NULL) command[used++] = option;
  for (int index = 4; index < count; index++) command[used++] = arguments[index];

  int ready[2], tender = getpid();
  must(pipe2(ready, O_CLOEXEC));
  int child = must(fork());
  if (child == 0) {
    if (must(fork()) != 0) _exit(0);
    setsid();
    // Nothing of the test's stays open here: who reads the tender's output waits for its end.
    enum { word = 100 };
    must(dup2(ready[1], word));
    must(close_range(3, word - 1, 0));
    must(close_range(word + 1, ~0U, 0));
    trace = fopen(arguments[1], "we");
    if (trace == NULL) err(trouble, "%s", arguments[1]);
    must(ptrace(PTRACE_SEIZE, tender, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC));
    must(ptrace(PTRACE_INTERRUPT, tender, NULL, NULL));
    must(write(word, "", 1));
    close(word);
    int nothing = must(open("/dev/null", O_RDWR));
    for (int stream = 0; stream <= 2; stream++) must(dup2(nothing, stream));
    follow(tender, own, receipt);
    _exit(0);
  }
  int status;
  must(waitpid(child, &status, 0));
  close(ready[1]);
  char byte;
  if (read(ready[0], &byte, 1) != 1) errx(trouble, "no recorder");
  close(ready[0]);
  execv(command[0], command);
  err(trouble, "%s", command[0]);
}

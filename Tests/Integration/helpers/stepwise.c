// stepwise SIGNAL RECEIPT [--log] COMMAND [ARG]...
//
// Starts a tender again and again, and sends it a signal at another instruction each time, from the call that seeks the place of its
// receipt to the 40th behind the call that installs its filter: at each instruction behind the last system call before that one, and
// at the first ones behind each earlier call. RECEIPT is the file that the command writes it to; a log holds a line before, and is
// descriptor 5.
//
// Whenever the kernel had the filter by then, the receipt must be whole; whenever it hadn't, the file must be as it was before. The
// tender ends with status 1 in either case. Prints `N instructions, N of them sealed`; status 1 and a line for each that came out otherwise.
#include "common.h"
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <linux/ptrace.h>

enum { first = 40, behind = 40, wrong_capacity = 10 };

static int tender;
// The file that the receipt is written to, how many bytes it holds before, and whether it is handed over.
static const char *receipt;
static long kept;
static bool is_log;

static long stop(void) {
  int status;
  must(waitpid(tender, &status, __WALL));
  if (!WIFSTOPPED(status)) errx(trouble, "the tender has ended: %#x", status);
  return WSTOPSIG(status);
}

static void start(char **command) {
  static const char line[] = "before\n";
  unlink(receipt);
  if (is_log) {
    kept = sizeof line - 1;
    int file = must(open(receipt, O_WRONLY | O_CREAT | O_APPEND, 0600));
    if (must(write(file, line, kept)) != kept) errx(trouble, "%s", receipt);
    must(dup2(file, 5));
    if (file != 5) close(file);
  }
  tender = must(fork());
  if (tender == 0) {
    int nothing = must(open("/dev/null", O_RDWR));
    for (int stream = 0; stream <= 2; stream++) must(dup2(nothing, stream));
    must(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
    execv(command[0], command);
    _exit(trouble);
  }
  stop();
  must(ptrace(PTRACE_SETOPTIONS, tender, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL));
}

// Goes to where so many calls have been made since the receipt's place was sought; -1 where the next one installs the filter.
static int go_behind(int calls) {
  bool seeks = false, installs = false, sought = false;
  for (int made = 0;;) {
    must(ptrace(PTRACE_SYSCALL, tender, NULL, NULL));
    if (stop() != (SIGTRAP | 0x80)) continue;
    struct ptrace_syscall_info info;
    must(ptrace(PTRACE_GET_SYSCALL_INFO, tender, sizeof info, &info));
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
      seeks = info.entry.nr == __NR_lseek && info.entry.args[2] == SEEK_SET;
      installs = info.entry.nr == __NR_seccomp && info.entry.args[0] == 1 && info.entry.args[2] != 0;
      if (installs) return -1;
      continue;
    }
    if (sought) made++;
    else sought = seeks;
    if (sought && made == calls) return 0;
  }
}

// How many filters the kernel has for the tender.
static int filters(void) {
  char path[64], line[256];
  snprintf(path, sizeof path, "/proc/%d/status", tender);
  FILE *status = fopen(path, "re");
  if (status == NULL) err(trouble, "%s", path);
  int count = -1;
  while (fgets(line, sizeof line, status) != NULL) sscanf(line, "Seccomp_filters: %d", &count);
  fclose(status);
  if (count < 0) errx(trouble, "no count of filters in %s", path);
  return count;
}

static void step(void) {
  must(ptrace(PTRACE_SINGLESTEP, tender, NULL, NULL));
  if (stop() != SIGTRAP) errx(trouble, "another stop than that of a step");
}

static int own, tried, sealed_count, wrong;

static void end(void) {
  kill(tender, SIGKILL);
  must(waitpid(tender, NULL, __WALL));
}

// Sends the signal so many instructions behind a call, and judges what comes of it; whether the filter was there.
static bool try(int signal, char **command, int calls, int steps) {
  start(command);
  own = filters();
  if (go_behind(calls) < 0) errx(trouble, "another way than the last time");
  for (int done = 0; done < steps; done++) step();
  bool sealed = filters() > own;
  must(ptrace(PTRACE_CONT, tender, NULL, signal));
  int status;
  must(waitpid(tender, &status, __WALL));
  while (WIFSTOPPED(status)) {
    must(ptrace(PTRACE_CONT, tender, NULL, (WSTOPSIG(status) & ~0x80) == SIGTRAP ? 0 : WSTOPSIG(status)));
    must(waitpid(tender, &status, __WALL));
  }
  struct stat file;
  must(stat(receipt, &file));
  tried++;
  sealed_count += sealed;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 1 && (sealed ? file.st_size > kept : file.st_size == kept)) return sealed;
  printf("%d instructions behind call %d: %s, a receipt of %ld bytes, status %#x\n", steps, calls, sealed ? "sealed" : "not sealed",
         (long)file.st_size, status);
  if (++wrong == wrong_capacity) exit(1);
  return sealed;
}

int main(int count, char **arguments) {
  if (count < 4) errx(trouble, "usage: stepwise SIGNAL RECEIPT [--log] COMMAND [ARG]...");
  int signal = number(arguments[1]), calls = 0;
  receipt = arguments[2];
  is_log = strcmp(arguments[3], "--log") == 0;
  char **command = arguments + 3 + is_log;
  start(command);
  while (go_behind(calls) == 0) {
    calls++;
    end();
    start(command);
  }
  end();
  for (int call = 0; call < calls - 1; call++)
    for (int steps = 0; steps < first; steps++) try(signal, command, call, steps);
  int steps = 0;
  while (!try(signal, command, calls - 1, steps)) steps++;
  for (int more = 1; more <= behind; more++) try(signal, command, calls - 1, steps + more);
  printf("%d instructions, %d of them sealed\n", tried, sealed_count);
  return wrong > 0;
}

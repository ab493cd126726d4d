// faults [OPTION]... COMMAND [ARG]...
//
// Starts a tender again and again, each time with one of its launch's system calls going wrong, and prints what came of
// each. The launch is what happens between the program's first call and the one that installs its filter, included.
//
//   --errors=N[,N]...   error numbers: the call isn't made, and answers with each of these in turn
//   --signal=N          instead: the signal arrives during the call
//   --receipt=PATH      the receipt, which is removed before each start; what it claims is compared with the kernel
//   --marker=TEXT       what the sealed tender's memory must not hold; for root
//   --user=UID          the tender is started by this user
//   --only=N            call N alone, and all that the tender and this program have to say of it
//   --all               also each of the many alike calls, of which otherwise the first two and the last are taken
//
// A line for each: `N CALL ARGUMENT ERROR OUTCOME`, where ARGUMENT is the first one (the second of ioctl and prlimit64) and
// OUTCOME is
//
//   sealed              the guest ran, and nothing was missing that isn't without a fault
//   without STEP...     the guest ran, and the receipt says that these steps (or restrictions of KVM) are missing
//   refused MESSAGE     status 1, the message on standard error, no guest ran, nothing in the receipt
//   ended MESSAGE       the tender was sealed, and ended before the guest said anything
//   interrupted         the signal came between the receipt and the filter: no guest ran
//   killed N            the signal ended the tender, no guest ran, nothing in the receipt
//   BAD REASON          anything else
//
// `ran` means that the guest wrote something; whenever it did, the kernel's own account of the process just before the
// filter and at its end must be that of a sealed one. Nothing may be left behind: no file in the folder, no mount, no
// process. The last line is `N calls, N starts`. Status 1 if any was BAD.
#include "calls.h"
#include "common.h"
#include <dirent.h>
#include <elf.h>
#include <grp.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include <linux/ptrace.h>
#if defined(__x86_64__)
#include <sys/user.h>
typedef struct user_regs_struct Registers;
enum { instruction_size = 2 };
#elif defined(__aarch64__)
typedef struct user_pt_regs Registers;
enum { instruction_size = 4 };
#endif

enum { calls_capacity = 4096, text_capacity = 16384, names_capacity = 40 };

// --- what is asked ---

static const char *receipt, *marker;
static uid_t user;
static int sent_signal;
static bool verbose;
static char **command;

// --- a stopped process's registers ---

static int tender;

static void transfer(int request, int kind, void *bytes, size_t count) {
  must(ptrace(request, tender, kind, &(struct iovec){bytes, count}));
}

static Registers registers(void) {
  Registers now;
  transfer(PTRACE_GETREGSET, NT_PRSTATUS, &now, sizeof now);
  return now;
}

static void set_registers(Registers now) { transfer(PTRACE_SETREGSET, NT_PRSTATUS, &now, sizeof now); }

// At the entry of a call: makes it another one. -1 is none.
static void change_call(long call, const unsigned long *arguments) {
  Registers now = registers();
#if defined(__x86_64__)
  now.orig_rax = call;
  if (arguments != NULL) {
    now.rdi = arguments[0]; now.rsi = arguments[1]; now.rdx = arguments[2];
    now.r10 = arguments[3]; now.r8 = arguments[4]; now.r9 = arguments[5];
  }
  set_registers(now);
#else
  if (arguments != NULL) for (int index = 0; index < 6; index++) now.regs[index] = arguments[index];
  set_registers(now);
  int number = call;
  transfer(PTRACE_SETREGSET, NT_ARM_SYSTEM_CALL, &number, sizeof number);
#endif
}

static void set_result(long result) {
  Registers now = registers();
#if defined(__x86_64__)
  now.rax = result;
#else
  now.regs[0] = result;
#endif
  set_registers(now);
}

static long result_of(Registers now) {
#if defined(__x86_64__)
  return now.rax;
#else
  return now.regs[0];
#endif
}

// The registers of a call's entry, changed so that the call is made once more from the exit of another.
static Registers again(Registers entry, long call) {
#if defined(__x86_64__)
  entry.rip -= instruction_size;
  entry.rax = call;
  entry.orig_rax = -1;
#else
  entry.pc -= instruction_size;
  entry.regs[8] = call;
#endif
  return entry;
}

static unsigned long stack_of(Registers now) {
#if defined(__x86_64__)
  return now.rsp;
#else
  return now.sp;
#endif
}

// --- what the kernel says of the process ---

// What must hold of a sealed tender, by the name of the step that sees to it.
static struct Fact { const char *step; bool known, holds; } facts[] = {
  {"user", 0, 0}, {"user-namespace", 0, 0}, {"mount-namespace", 0, 0}, {"net-namespace", 0, 0}, {"ipc-namespace", 0, 0},
  {"uts-namespace", 0, 0}, {"cgroup-namespace", 0, 0}, {"nested-namespaces", 0, 0}, {"empty-root", 0, 0},
  {"host-privileges", 0, 0}, {"capabilities", 0, 0}, {"not-dumpable", 0, 0}, {"no-new-privs", 0, 0},
  {"memory-deny-write-execute", 0, 0}, {"landlock", 0, 0}, {"memory-merging", 0, 0}, {"poll-deadlines", 0, 0}, {"limit-core", 0, 0},
  {"limit-nproc", 0, 0}, {"limit-nofile", 0, 0}, {"limit-fsize", 0, 0}, {"oom-score", 0, 0}, {"seccomp-filter", 0, 0},
};
enum { facts_count = sizeof facts / sizeof *facts };

static void learn(const char *step, bool holds) {
  for (int index = 0; index < facts_count; index++)
    if (strcmp(facts[index].step, step) == 0) facts[index] = (struct Fact){step, true, holds};
}

static bool holds(const char *step) {
  for (int index = 0; index < facts_count; index++)
    if (strcmp(facts[index].step, step) == 0) return facts[index].known && facts[index].holds;
  errx(trouble, "no step is called %s", step);
}

static const char *content(const char *path, char *text) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t count = file < 0 ? 0 : read(file, text, text_capacity - 1);
  if (file >= 0) close(file);
  text[count < 0 ? 0 : count] = 0;
  return text;
}

static const char *of_process(const char *name, char *text) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/%s", tender, name);
  return content(path, text);
}

// The number behind a name at the start of a line; -1 where there is none.
static long field(const char *text, const char *name, int base) {
  for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
    if (*line == '\n') line++;
    if (strncmp(line, name, strlen(name)) == 0) return strtol(line + strlen(name), NULL, base);
  }
  return -1;
}

static void learn_namespace(const char *step, const char *name) {
  char path[64], own[64] = "", other[64] = "";
  snprintf(path, sizeof path, "/proc/self/ns/%s", name);
  if (readlink(path, own, sizeof own - 1) < 0) return;
  snprintf(path, sizeof path, "/proc/%d/ns/%s", tender, name);
  // An ordinary user doesn't see those of a process that isn't dumpable.
  if (readlink(path, other, sizeof other - 1) < 0) return;
  learn(step, strcmp(own, other) != 0);
}

static void learn_limit(const char *step, const char *text, const char *name, bool zero) {
  const char *line = strstr(text, name);
  if (line == NULL) return;
  long soft = strtol(line + strlen(name), NULL, 10);
  bool unlimited = strstr(line, "unlimited") == line + strlen(name) + strspn(line + strlen(name), " ");
  learn(step, !unlimited && (zero ? soft == 0 : soft < 1 << 20));
}

static int filters_before;

static void learn_from_proc(void) {
  char text[text_capacity];
  of_process("status", text);
  if (geteuid() == 0) learn("user", field(text, "Uid:\t", 10) != 0 && strstr(text, "\nGroups:\t \n") != NULL);
  bool none = true;
  static const char *const sets[] = {"CapInh:\t", "CapPrm:\t", "CapEff:\t", "CapBnd:\t", "CapAmb:\t"};
  for (int index = 0; index < 5; index++) none = none && field(text, sets[index], 16) == 0;
  learn("capabilities", none);
  learn("host-privileges", none);
  filters_before = field(text, "Seccomp_filters:\t", 10);
  of_process("limits", text);
  learn_limit("limit-core", text, "Max core file size", true);
  learn_limit("limit-nproc", text, "Max processes", true);
  learn_limit("limit-nofile", text, "Max open files", false);
  learn_limit("limit-fsize", text, "Max file size", false);
  learn("oom-score", atoi(of_process("oom_score_adj", text)) >= 0);
  learn_namespace("user-namespace", "user");
  learn_namespace("mount-namespace", "mnt");
  learn_namespace("net-namespace", "net");
  learn_namespace("ipc-namespace", "ipc");
  learn_namespace("uts-namespace", "uts");
  learn_namespace("cgroup-namespace", "cgroup");
}

static int await(void) {
  int status;
  must(waitpid(tender, &status, __WALL));
  return status;
}

static bool is_call_stop(int status) { return WIFSTOPPED(status) && WSTOPSIG(status) == (SIGTRAP | 0x80); }

// Makes the process, which is at the entry of a call, do another one first; it is at that entry again afterwards.
static long ask(long call, unsigned long a, unsigned long b, unsigned long c, unsigned long d) {
  Registers entry = registers();
  struct __ptrace_syscall_info information;
  must(ptrace(PTRACE_GET_SYSCALL_INFO, tender, sizeof information, &information));
  change_call(call, (unsigned long[]){a, b, c, d, 0, 0});
  must(ptrace(PTRACE_SYSCALL, tender, NULL, 0));
  if (!is_call_stop(await())) errx(trouble, "no end of a call that was asked for");
  long result = result_of(registers());
  set_registers(again(entry, information.entry.nr));
  must(ptrace(PTRACE_SYSCALL, tender, NULL, 0));
  if (!is_call_stop(await())) errx(trouble, "no entry of the call that was put off");
  return result;
}

// Whether the marker is in memory that the process can read.
static bool holds_marker(void) {
  char path[64], line[512];
  snprintf(path, sizeof path, "/proc/%d/mem", tender);
  int memory = must(open(path, O_RDONLY | O_CLOEXEC));
  snprintf(path, sizeof path, "/proc/%d/maps", tender);
  FILE *maps = fopen(path, "re");
  if (maps == NULL) err(trouble, "%s", path);
  static char page[1 << 16];
  bool found = false;
  unsigned long start, end;
  char access[5];
  while (!found && fgets(line, sizeof line, maps) != NULL) {
    if (sscanf(line, "%lx-%lx %4s", &start, &end, access) != 3 || access[0] != 'r') continue;
    size_t overlap = 0;
    for (; !found && start < end; start += sizeof page - overlap) {
      ssize_t got = pread(memory, page, end - start < sizeof page ? end - start : sizeof page, start);
      if (got <= 0) break;
      found = memmem(page, got, marker, strlen(marker)) != NULL;
      overlap = (size_t)got == sizeof page ? strlen(marker) : 0;
    }
  }
  fclose(maps);
  close(memory);
  return found;
}

// What only the process itself can be asked, at the entry of the call that installs the filter.
static void learn_from_calls(void) {
  learn("not-dumpable", ask(SYS_prctl, 3, 0, 0, 0) == 0);      // PR_GET_DUMPABLE
  learn("no-new-privs", ask(SYS_prctl, 39, 0, 0, 0) == 1);     // PR_GET_NO_NEW_PRIVS
  if (ask(SYS_prctl, 27, 0, 0, 0) != 0xef) learn("capabilities", false);  // PR_GET_SECUREBITS
  long denied = ask(SYS_prctl, 66, 0, 0, 0);                   // PR_GET_MDWE
  learn("memory-deny-write-execute", denied > 0 && (denied & 1));
  learn("memory-merging", ask(SYS_prctl, 68, 0, 0, 0) == 0);   // PR_GET_MEMORY_MERGE
  // PR_GET_TIMERSLACK, STICKY_TIMEOUTS
  learn("poll-deadlines", ask(SYS_prctl, 30, 0, 0, 0) <= 1 && (ask(SYS_personality, 0xffffffff, 0, 0, 0) & 0x4000000) != 0);
  // Below the stack, where nothing is, for a path: the working directory, which is "/" where there is no other. An ordinary
  // user can't put another one there.
  unsigned long below = (stack_of(registers()) - 4096) & ~7ul;
  bool empty = true;
  if (ptrace(PTRACE_POKEDATA, tender, below, *(const long *)"/dev\0\0\0") == 0)
    empty = ask(SYS_faccessat, AT_FDCWD, below, F_OK, 0) == -ENOENT;
  learn("empty-root", empty && ask(SYS_getcwd, below, 512, 0, 0) == sizeof "/");
  // Standard input is nothing that the guest could miss, and descriptor 0 is below any limit.
  ask(SYS_close, 0, 0, 0, 0);
  learn("landlock", ask(SYS_openat, AT_FDCWD, below, O_RDONLY | O_DIRECTORY, 0) == -EACCES);
  learn("nested-namespaces", ask(SYS_unshare, CLONE_NEWUSER, 0, 0, 0) < 0);
}

// --- one start ---

struct Outcome {
  int status;          // as wait has it
  bool reached;        // the filter's installation was begun
  bool attempted;      // the call that was to go wrong came
  bool leaks;          // the marker is still in memory then
  long call;
  unsigned long argument;
  char out[text_capacity], err[text_capacity], receipt[text_capacity];
};

static bool installs(const struct __ptrace_syscall_info *call) {
  return call->entry.nr == SYS_seccomp && call->entry.args[0] == SECCOMP_SET_MODE_FILTER && call->entry.args[2] != 0;
}

static void begin(int out, int err_) {
  tender = must(fork());
  if (tender != 0) return;
  if (user != 0) {
    must(setgroups(0, NULL));
    must(setresgid(user, user, user));
    must(setresuid(user, user, user));
  }
  must(personality(ADDR_NO_RANDOMIZE));
  must(dup2(must(open("/dev/null", O_RDONLY)), 0));
  must(dup2(out, 1));
  must(dup2(err_, 2));
  must(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
  raise(SIGSTOP);
  execv(command[0], command);
  err(trouble, "%s", command[0]);
}

static void drain(int pipe_, char *text) {
  ssize_t count = read(pipe_, text, text_capacity - 1);
  text[count < 0 ? 0 : count] = 0;
  close(pipe_);
}

static long started;

// What is to be put right at the end of the call that goes wrong.
static enum { nothing, answer_error, answer_break } remedy;
static Registers entered;

// At the entry of the call that is to go wrong, as it would go wrong.
static void fail_call(const struct __ptrace_syscall_info *call) {
  remedy = answer_error;
  entered = registers();
  switch (call->entry.nr) {
    // It has no errors: it answers with the break as it is.
    case SYS_brk: change_call(SYS_brk, (unsigned long[6]){0}); remedy = answer_break; break;
    // Whatever it answers, the descriptor is closed (close(2)).
    case SYS_close: break;
    default: change_call(-1, NULL);
  }
}

static void finish_call(int error) {
  long result = remedy == answer_break ? result_of(registers()) : -(long)error;
  // Arguments are in registers that a call leaves alone.
  if (remedy == answer_break) set_registers(entered);
  set_result(result);
  remedy = nothing;
}

// Starts a tender whose call `wanted` (from 1; 0 for none) answers with `error`, and follows it to its end. With `list`
// the calls up to the filter's installation are put there, and their number is returned.
static int run(int wanted, int error, struct Outcome *outcome, struct __ptrace_syscall_info *list) {
  int out[2], err_[2];
  must(pipe2(out, O_CLOEXEC | O_NONBLOCK));
  must(pipe2(err_, O_CLOEXEC | O_NONBLOCK));
  // The tender's own ends wait as anybody's would.
  must(fcntl(out[1], F_SETFL, 0));
  must(fcntl(err_[1], F_SETFL, 0));
  *outcome = (struct Outcome){0};
  for (int index = 0; index < facts_count; index++) facts[index].known = facts[index].holds = false;
  if (receipt != NULL) unlink(receipt);
  started++;
  begin(out[1], err_[1]);
  close(out[1]);
  close(err_[1]);

  int status = await(), count = 0;
  must(ptrace(PTRACE_SETOPTIONS, tender, NULL,
              PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACEEXIT | PTRACE_O_TRACEEXEC));
  bool executed = false;
  remedy = nothing;
  for (int deliver = 0;; status = await()) {
    if (WIFEXITED(status) || WIFSIGNALED(status)) break;
    int event = status >> 16, stop = WSTOPSIG(status);
    deliver = 0;
    if (event == PTRACE_EVENT_EXIT) {
      char text[text_capacity];
      of_process("status", text);
      learn("seccomp-filter", field(text, "Seccomp:\t", 10) == 2 && field(text, "Seccomp_filters:\t", 10) == filters_before + 1);
    } else if (event == PTRACE_EVENT_EXEC) {
      executed = true;
    } else if (is_call_stop(status) && executed) {
      struct __ptrace_syscall_info call;
      must(ptrace(PTRACE_GET_SYSCALL_INFO, tender, sizeof call, &call));
      if (call.op == PTRACE_SYSCALL_INFO_ENTRY && !outcome->reached) {
        count++;
        if (list != NULL && count <= calls_capacity) list[count - 1] = call;
        if (installs(&call)) {
          outcome->reached = true;
          learn_from_proc();
          learn_from_calls();
          if (marker != NULL && holds_marker()) outcome->leaks = true;
        }
        if (count == wanted) {
          outcome->attempted = true;
          outcome->call = call.entry.nr;
          outcome->argument = call.entry.args[call.entry.nr == SYS_ioctl || call.entry.nr == SYS_prlimit64];
          if (sent_signal != 0) must(kill(tender, sent_signal));
          else fail_call(&call);
        }
      } else if (call.op == PTRACE_SYSCALL_INFO_EXIT && remedy != nothing) {
        finish_call(error);
      }
    } else if (!is_call_stop(status) && event == 0 && stop != SIGTRAP && !(stop == SIGSTOP && !executed)) {
      deliver = stop;
    }
    if (ptrace(PTRACE_SYSCALL, tender, NULL, deliver) < 0 && errno != ESRCH) err(trouble, "ptrace");
  }
  outcome->status = status;
  drain(out[0], outcome->out);
  drain(err_[0], outcome->err);
  if (receipt != NULL) content(receipt, outcome->receipt);
  return count;
}

// --- what came of it ---

// The steps and KVM's restrictions that a receipt has, and those of them that it says are missing.
struct Steps { int count; char names[names_capacity][32]; bool missing[names_capacity]; };

static struct Steps steps_of(const char *text) {
  struct Steps steps = {0};
  char state[32];
  const char *next = strstr(text, "\"steps\"");
  while (next != NULL && (next = strstr(next, "{ \"name\": \"")) != NULL && steps.count < names_capacity) {
    if (sscanf(next, "{ \"name\": \"%31[^\"]\", \"state\": \"%31[^\"]", steps.names[steps.count], state) != 2) break;
    steps.missing[steps.count++] = strcmp(state, "applied") != 0;
    next++;
  }
  return steps;
}

static struct Steps usual;

// The folder's entries and the mounts, as one text.
static void surroundings(char *text) {
  size_t length = 0;
  DIR *folder = opendir(".");
  if (folder == NULL) err(trouble, "this folder");
  struct dirent *entry;
  while ((entry = readdir(folder)) != NULL) {
    if (entry->d_name[0] == '.' || (receipt != NULL && strcmp(entry->d_name, receipt) == 0)) continue;
    struct stat status;
    long size = stat(entry->d_name, &status) == 0 && S_ISREG(status.st_mode) ? status.st_size : 0;
    // What this program's own output goes to grows.
    if (fstatat(AT_FDCWD, entry->d_name, &status, 0) == 0) {
      struct stat own;
      for (int descriptor = 1; descriptor <= 2; descriptor++)
        if (fstat(descriptor, &own) == 0 && own.st_ino == status.st_ino && own.st_dev == status.st_dev) size = 0;
    }
    length += snprintf(text + length, text_capacity - length, "%s %ld\n", entry->d_name, size);
    if (length >= text_capacity) errx(trouble, "too much in this folder");
  }
  closedir(folder);
  char mounts[text_capacity];
  content("/proc/self/mountinfo", mounts);
  snprintf(text + length, text_capacity - length, "%s", mounts);
}

static char before[text_capacity];
static bool bad;

static void complain(const char *what, const char *detail) {
  printf("%sBAD %s%s", bad ? "; " : "", what, detail);
  bad = true;
}

// What must hold whenever the guest has run: the steps that aren't best effort, and what the receipt claims.
static void check_sealed(const struct Outcome *outcome, const struct Steps *steps) {
  static const char *const never_missing[] = {
    "user", "user-namespace", "mount-namespace", "net-namespace", "empty-root", "host-privileges", "capabilities",
    "not-dumpable", "no-new-privs", "seccomp-filter",
  };
  for (int index = 0; index < facts_count; index++) {
    const struct Fact *fact = &facts[index];
    if (!fact->known || fact->holds) continue;
    for (size_t other = 0; other < sizeof never_missing / sizeof *never_missing; other++)
      if (strcmp(fact->step, never_missing[other]) == 0) complain("guest ran, kernel denies ", fact->step);
    for (int other = 0; other < steps->count; other++)
      if (strcmp(fact->step, steps->names[other]) == 0 && !steps->missing[other]) complain("receipt claims ", fact->step);
  }
  if (!outcome->reached) complain("guest ran before the filter", "");
  if (outcome->leaks) complain("guest ran, memory holds ", marker);
  if (receipt == NULL) return;
  if (steps->count != usual.count) complain("the receipt has another list of steps", "");
}

static void judge(const struct Outcome *outcome) {
  bool ran = outcome->out[0] != 0;
  struct Steps steps = steps_of(outcome->receipt);
  bad = false;
  if (ran) {
    check_sealed(outcome, &steps);
    if (!WIFEXITED(outcome->status) || WEXITSTATUS(outcome->status) != 0) complain("guest ran, and the status isn't 0: ", outcome->err);
    if (bad) return;
    bool missing = false;
    for (int index = 0; index < steps.count; index++)
      if (steps.missing[index] && !usual.missing[index]) {
        printf("%s%s", missing ? " " : "without ", steps.names[index]);
        missing = true;
      }
    if (!missing) printf("sealed");
    return;
  }
  if (outcome->receipt[0] != 0) {
    if (holds("seccomp-filter")) { check_sealed(outcome, &steps); if (!bad) printf("ended %.*s", (int)strcspn(outcome->err, "\n"), outcome->err); }
    else if (sent_signal != 0) printf("interrupted");
    else complain("no guest ran, and the receipt isn't empty", "");
    return;
  }
  if (WIFSIGNALED(outcome->status)) {
    if (sent_signal != WTERMSIG(outcome->status)) complain("died of a signal: ", strsignal(WTERMSIG(outcome->status)));
    else printf("killed %d", WTERMSIG(outcome->status));
    return;
  }
  size_t length = strlen(outcome->err);
  if (WEXITSTATUS(outcome->status) != 1) complain("the status is neither 0 nor 1: ", outcome->err);
  else if (length == 0) complain("not a word", "");
  else if (strchr(outcome->err, '\n') != outcome->err + length - 1) {
    // The usage follows what is wrong with an option.
    if (strstr(outcome->err, "\nbrig-hvt: Invalid option") == NULL) complain("more than a line: ", outcome->err);
    else printf("refused %.*s", (int)strcspn(outcome->err, "\n"), outcome->err);
  } else printf("refused %.*s", (int)length - 1, outcome->err);
}

static const char *name_of(long call) {
  static char digits[24];
  for (size_t index = 0; index < sizeof calls / sizeof *calls; index++)
    if (calls[index].number == call) return calls[index].name;
  snprintf(digits, sizeof digits, "%ld", call);
  return digits;
}

// Of calls that are made many times in a row for the same purpose, libcap's, the first two and the last will do.
static bool is_tedious(const struct __ptrace_syscall_info *list, int count, int index) {
  int alike_before = 0, alike_behind = 0;
  for (int other = 0; other < count; other++) {
    if (list[other].entry.nr != list[index].entry.nr || list[other].entry.args[0] != list[index].entry.args[0]) continue;
    if (list[other].entry.nr != SYS_prctl) continue;
    if (other < index) alike_before++;
    if (other > index) alike_behind++;
  }
  return alike_before + alike_behind > 8 && alike_before >= 2 && alike_behind >= 1;
}

int main(int count, char **arguments) {
  const char *errors = NULL, *value;
  int only = 0, next = 1, failures = 0;
  bool all = false;
  for (; next < count && strncmp(arguments[next], "--", 2) == 0; next++) {
    const char *option = arguments[next];
    if ((value = value_of(option, "--errors"))) errors = value;
    else if ((value = value_of(option, "--signal"))) sent_signal = number(value);
    else if ((value = value_of(option, "--receipt"))) receipt = value;
    else if ((value = value_of(option, "--marker"))) marker = value;
    else if ((value = value_of(option, "--user"))) user = number(value);
    else if ((value = value_of(option, "--only"))) { only = number(value); verbose = true; }
    else if (strcmp(option, "--all") == 0) all = true;
    else errx(trouble, "unknown option: %s", option);
  }
  if (next == count) errx(trouble, "no command");
  if ((errors == NULL) == (sent_signal == 0)) errx(trouble, "either --errors or --signal");
  command = arguments + next;

  static struct __ptrace_syscall_info list[calls_capacity];
  static struct Outcome outcome;
  int whole = run(0, 0, &outcome, list);
  usual = steps_of(outcome.receipt);
  if (!outcome.reached || outcome.out[0] == 0) errx(trouble, "without any fault: %s", outcome.err);
  if (whole > calls_capacity) errx(trouble, "too many calls");
  if (receipt != NULL && usual.count == 0) errx(trouble, "no steps in the receipt");
  check_sealed(&outcome, &usual);
  if (bad) { puts(" without any fault"); return 1; }
  surroundings(before);

  for (int index = 1; index <= whole; index++) {
    if (only != 0 ? index != only : !all && is_tedious(list, whole, index - 1)) continue;
    for (const char *rest = sent_signal != 0 ? "0" : errors; *rest != 0; rest += strspn(rest, ",")) {
      int error = strtol(rest, (char **)&rest, 10);
      run(index, error, &outcome, NULL);
      printf("%d %s 0x%lx %s ", index, name_of(outcome.call), outcome.argument, sent_signal != 0 ? "signal" : strerrorname_np(error));
      judge(&outcome);
      if (!outcome.attempted) complain("the call never came", "");
      char now[text_capacity];
      surroundings(now);
      if (strcmp(now, before) != 0) complain("something is left behind: ", now);
      if (waitpid(-1, NULL, WNOHANG | __WALL) >= 0) complain("a process is left behind", "");
      failures += bad;
      putchar('\n');
      if (verbose) printf("--- status %#x\n%s%s%s", outcome.status, outcome.out, outcome.err, outcome.receipt);
      fflush(stdout);
    }
  }
  printf("%d calls, %ld starts\n", whole, started);
  return failures != 0;
}

// neighbour USER ATTACKER... -- COMMAND [ARG]...
//
// Starts a tender as a user (a number; 0 for root) and holds it before each of its system calls, from the first to the
// last, sealed or not. At each of them a process of each attacker's (NAME=UID) tries what a neighbour could try. Prints
// `steps N` and for each attacker and attempt, between tabs, the phases in which it succeeded: `never`, `always`, or names.
//
// The calls are held by an outer filter that hands each to this program (seccomp_unotify(2)), so that nobody traces the
// tender: a tracer would keep others from being one.
#include "common.h"
#include <dirent.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/kcmp.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

// What the tender has come to, by the calls that it has made.
typedef enum { START, OPENED, PREPARED, USER, CONFINED, SEALED, PHASES } Phase;
static const char *const phase_names[PHASES] = {"start", "opened while dumpable", "prepared", "user", "confined", "sealed"};

typedef struct {
  const char *name;
  uid_t user;
  int ask, answer;  // pipes: a byte to it, a byte back
  unsigned *worked;  // one bit for each attempt, in memory shared with it
  unsigned in_phase[32];  // one bit for each phase, for each attempt
} Attacker;

static pid_t tender;

// --- the attempts ---

static bool opens(const char *name, int flags) {
  char path[64], byte;
  snprintf(path, sizeof path, "/proc/%d/%s", tender, name);
  int file = open(path, flags | O_CLOEXEC);
  if (file < 0) return false;
  // Some files are only refused when they are read; one that is empty was not refused.
  bool allowed = (flags & O_ACCMODE) == O_WRONLY || read(file, &byte, 1) >= 0 || errno == EIO || errno == EINVAL;
  close(file);
  return allowed;
}

static bool reads_link(const char *name) {
  char path[64], target[256];
  snprintf(path, sizeof path, "/proc/%d/%s", tender, name);
  return readlink(path, target, sizeof target) >= 0;
}

static bool lists(const char *name) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/%s", tender, name);
  DIR *directory = opendir(path);
  if (directory == NULL) return false;
  closedir(directory);
  return true;
}

// In a process of its own, whose end lets go of the tender without a stop.
static bool in_child(bool (*attempt)(void)) {
  pid_t child = must(fork());
  if (child == 0) _exit(attempt());
  int status;
  must(waitpid(child, &status, 0));
  return WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

static bool seize(void) { return ptrace(PTRACE_SEIZE, tender, 0, 0) == 0; }

static bool join_namespace(void) {
  static const int kinds[] = {CLONE_NEWNET, CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWUSER};
  int process = syscall(SYS_pidfd_open, tender, 0);
  for (size_t index = 0; index < sizeof kinds / sizeof *kinds; index++)
    if (setns(process, kinds[index]) == 0) return true;
  return false;
}

static bool take_descriptor(void) {
  int process = syscall(SYS_pidfd_open, tender, 0);
  bool taken = false;
  for (int number = 0; number < 10; number++) {
    int copy = syscall(SYS_pidfd_getfd, process, number, 0);
    if (copy < 0) continue;
    taken = true;
    close(copy);
  }
  close(process);
  return taken;
}

static bool read_limit(void) {
  struct rlimit limit;
  return prlimit(tender, RLIMIT_NOFILE, NULL, &limit) == 0;
}

static bool set_limit(void) {
  // A limit that the tender leaves alone, set to what it is.
  struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
  return prlimit(tender, RLIMIT_CPU, &limit, NULL) == 0;
}

static bool signal_it(void) { return kill(tender, 0) == 0; }

static bool read_memory(void) {
  char byte;
  struct iovec here = {&byte, 1}, there = {(void *)0x1000, 1};
  // Where nothing is mapped the call fails for another reason than that it isn't allowed.
  return process_vm_readv(tender, &here, 1, &there, 1, 0) == 1 || errno == EFAULT;
}

static bool move_to_processor(void) {
  cpu_set_t set;
  return sched_getaffinity(tender, sizeof set, &set) == 0 && sched_setaffinity(tender, sizeof set, &set) == 0;
}

static bool set_priority(void) {
  errno = 0;
  int priority = getpriority(PRIO_PROCESS, tender);
  return errno == 0 && setpriority(PRIO_PROCESS, tender, priority) == 0;
}

static bool compare(void) { return syscall(SYS_kcmp, tender, tender, KCMP_VM, 0, 0) >= 0; }

static bool seize_in_child(void) { return in_child(seize); }
static bool join_in_child(void) { return in_child(join_namespace); }
static bool open_mem(void) { return opens("mem", O_RDONLY) || opens("mem", O_WRONLY); }
static bool open_maps(void) { return opens("maps", O_RDONLY) || opens("smaps", O_RDONLY); }
static bool open_environ(void) { return opens("environ", O_RDONLY); }
static bool open_auxv(void) { return opens("auxv", O_RDONLY); }
static bool open_pagemap(void) { return opens("pagemap", O_RDONLY); }
static bool open_syscall(void) { return opens("syscall", O_RDONLY) || opens("stack", O_RDONLY); }
static bool open_io(void) { return opens("io", O_RDONLY); }
static bool list_descriptors(void) { return lists("fd") || lists("fdinfo") || reads_link("fd/0"); }
static bool list_root(void) { return lists("root") || lists("cwd") || reads_link("root"); }
static bool read_file(void) { return reads_link("exe"); }
static bool read_namespaces(void) { return reads_link("ns/net") || reads_link("ns/user") || reads_link("ns/mnt"); }
static bool write_adjustment(void) { return opens("oom_score_adj", O_WRONLY) || opens("coredump_filter", O_WRONLY); }

static const struct {
  const char *name;
  bool (*make)(void);
} attempts[] = {
    {"seize", seize_in_child},
    {"pidfd_getfd", take_descriptor},
    {"setns", join_in_child},
    {"prlimit-read", read_limit},
    {"prlimit-set", set_limit},
    {"kill", signal_it},
    {"setpriority", set_priority},
    {"sched_setaffinity", move_to_processor},
    {"process_vm_readv", read_memory},
    {"kcmp", compare},
    {"proc-mem", open_mem},
    {"proc-maps", open_maps},
    {"proc-fd", list_descriptors},
    {"proc-environ", open_environ},
    {"proc-root", list_root},
    {"proc-exe", read_file},
    {"proc-ns", read_namespaces},
    {"proc-auxv", open_auxv},
    {"proc-pagemap", open_pagemap},
    {"proc-syscall", open_syscall},
    {"proc-io", open_io},
    {"proc-oom_score_adj", write_adjustment},
};
enum { ATTEMPTS = sizeof attempts / sizeof *attempts };
_Static_assert(ATTEMPTS <= 32, "one bit for each");

// --- the attackers ---

static void become(uid_t user) {
  must(setgroups(0, NULL));
  must(setresgid(user, user, user));
  must(setresuid(user, user, user));
}

static void *shared(size_t size) {
  void *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (bytes == MAP_FAILED) err(trouble, "mmap");
  return bytes;
}

// A process that tries everything each time it gets a byte.
static void start_attacker(Attacker *attacker) {
  int to[2], from[2];
  must(pipe(to));
  must(pipe(from));
  attacker->worked = shared(4096);
  if (must(fork()) == 0) {
    must(prctl(PR_SET_PDEATHSIG, SIGKILL));
    if (attacker->user != 0) become(attacker->user);
    close(to[1]);
    char byte;
    while (read(to[0], &byte, 1) == 1) {
      *attacker->worked = 0;
      for (int index = 0; index < ATTEMPTS; index++)
        if (attempts[index].make()) *attacker->worked |= 1U << index;
      must(write(from[1], &byte, 1));
    }
    _exit(0);
  }
  close(to[0]);
  close(from[1]);
  attacker->ask = to[1];
  attacker->answer = from[0];
}

static void attack(Attacker *attacker, Phase phase) {
  char byte = 0;
  must(write(attacker->ask, &byte, 1));
  if (read(attacker->answer, &byte, 1) != 1) errx(trouble, "%s has gone", attacker->name);
  for (int index = 0; index < ATTEMPTS; index++)
    if (*attacker->worked >> index & 1) attacker->in_phase[index] |= 1U << phase;
}

// --- the tender ---

// Starts it with every call held; the listener's number appears in shared memory, because any call would be held.
static int start(uid_t user, char **command) {
  volatile int *listener = shared(4096);
  *listener = -1;
  tender = must(fork());
  if (tender == 0) {
    must(prctl(PR_SET_PDEATHSIG, SIGKILL));
    struct sock_filter hold = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
    struct sock_fprog filter = {1, &hold};
    *listener = must(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter));
    if (user != 0) become(user);
    execv(command[0], command);
    err(trouble, "%s", command[0]);
  }
  while (*listener < 0)
    if (waitpid(tender, NULL, WNOHANG) == tender) errx(trouble, "no filter that hands over calls: a newer kernel is needed");
  int process = must(syscall(SYS_pidfd_open, tender, 0));
  return must(syscall(SYS_pidfd_getfd, process, *listener, 0));
}

// Whether a path of the tender's is one of its own process, which holds nothing that its user hasn't got.
static bool is_own(unsigned long path) {
  static const char own[] = "/proc/self/";
  char bytes[sizeof own - 1];
  struct iovec here = {bytes, sizeof bytes}, there = {(void *)path, sizeof bytes};
  return process_vm_readv(tender, &here, 1, &there, 1, 0) == sizeof bytes && memcmp(bytes, own, sizeof bytes) == 0;
}

// The phase that a call brings about.
static Phase next_phase(Phase phase, const struct seccomp_data *call) {
  bool is_dumpable = call->nr == SYS_prctl && call->args[0] == PR_SET_DUMPABLE;
  if (call->nr == SYS_seccomp && call->args[1] == SECCOMP_FILTER_FLAG_TSYNC) return SEALED;
  if (is_dumpable && call->args[1] != 0) errx(trouble, "the tender makes itself dumpable");
  if (is_dumpable && phase <= OPENED) return PREPARED;
  if (call->nr == SYS_openat && phase == START && !is_own(call->args[1])) return OPENED;
  if (call->nr == SYS_setresuid && phase == PREPARED) return USER;
  // An IPC namespace is made before the tender changes its user; the others come with one for users.
  if (call->nr == SYS_unshare && call->args[0] & CLONE_NEWUSER && (phase == PREPARED || phase == USER)) return CONFINED;
  return phase;
}

static void print(const Attacker *attacker, unsigned seen) {
  for (int index = 0; index < ATTEMPTS; index++) {
    unsigned phases = attacker->in_phase[index];
    printf("%s\t%s\t", attacker->name, attempts[index].name);
    if (phases == 0) printf("never");
    else if (phases == seen) printf("always");
    else
      for (int phase = 0, first = 1; phase < PHASES; phase++)
        if (phases >> phase & 1) printf("%s%s", first ? "" : ", ", phase_names[phase]), first = 0;
    printf("\n");
  }
}

int main(int count, char **arguments) {
  static Attacker attackers[8];
  int known = 0, next = 2;
  if (count < 5) errx(trouble, "usage: neighbour USER NAME=UID... -- COMMAND [ARG]...");
  for (; next < count && strcmp(arguments[next], "--") != 0 && known < 8; next++) {
    char *value = strchr(arguments[next], '=');
    if (value == NULL) errx(trouble, "not NAME=UID: %s", arguments[next]);
    *value = 0;
    attackers[known++] = (Attacker){.name = arguments[next], .user = number(value + 1)};
  }
  if (++next >= count) errx(trouble, "no command");
  int listener = start(number(arguments[1]), arguments + next);
  for (int index = 0; index < known; index++) start_attacker(&attackers[index]);

  Phase phase = START;
  bool executed = false;
  unsigned steps = 0, seen = 0;
  int status, idle = 0;
  // Older kernels keep a filter until its process is reaped, and don't say that nobody has it.
  while (must(waitpid(tender, &status, WNOHANG)) == 0) {
    struct pollfd ready = {.fd = listener, .events = POLLIN};
    must(poll(&ready, 1, 100));
    idle = ready.revents == 0 ? idle + 1 : 0;
    if (idle > 600) errx(trouble, "the tender makes no call any more");
    if (!(ready.revents & POLLIN)) continue;
    struct seccomp_notif held = {0};
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &held) < 0) {
      if (errno == EINTR || errno == ENOENT) continue;
      err(trouble, "SECCOMP_IOCTL_NOTIF_RECV");
    }
    // Not a child that the tender tries outer filters with.
    if ((pid_t)held.pid == tender && executed) {
      steps++;
      seen |= 1U << phase;
      for (int index = 0; index < known; index++) attack(&attackers[index], phase);
      phase = next_phase(phase, &held.data);
    }
    if (held.data.nr == SYS_execve) executed = true;
    struct seccomp_notif_resp answer = {.id = held.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer) < 0 && errno != ENOENT) err(trouble, "SECCOMP_IOCTL_NOTIF_SEND");
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) errx(trouble, "the tender ended with %#x", status);
  if (!(seen >> SEALED & 1)) errx(trouble, "the tender was never sealed");
  printf("steps %u\n", steps);
  for (int index = 0; index < known; index++) print(&attackers[index], seen);
}

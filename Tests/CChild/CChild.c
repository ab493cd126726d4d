#define _GNU_SOURCE
#include "CChild.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void *share(size_t size) {
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? NULL : memory;
}

static void end_by_default(int number) {
  signal(number, SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void make_calls(
    const struct sock_fprog *filter, const struct cchild_call *calls, uint32_t count, volatile int32_t *shared) {
  setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
  end_by_default(SIGILL);
  end_by_default(SIGTRAP);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, filter) != 0) {
    shared[count] = errno;
    _exit(1);
  }
  for (uint32_t index = 0; index < count; index++) {
    const uint64_t *words = calls[index].arguments;
    long result = syscall(calls[index].number, words[0], words[1], words[2], words[3], words[4], words[5]);
    shared[index] = result == -1 ? errno : 0;
  }
  shared[count] = 0;
  // Not even the call that ends a process gets through.
  __builtin_trap();
}

int cchild_make_calls(
    const struct sock_filter *program, unsigned short length, const struct cchild_call *calls, uint32_t count,
    int32_t *answers) {
  size_t size = (count + 1) * sizeof *answers;
  int32_t *shared = share(size);
  if (shared == NULL) return errno;
  shared[count] = EINTR;
  pid_t child = fork();
  if (child == 0) {
    make_calls(&(struct sock_fprog){length, (struct sock_filter *)program}, calls, count, shared);
  }
  int problem = child < 0 ? errno : 0;
  if (child > 0 && waitpid(child, NULL, 0) == child) problem = shared[count];
  memcpy(answers, shared, count * sizeof *answers);
  munmap(shared, size);
  return problem;
}

static void compile(
    int call, const struct scmp_arg_cmp *comparisons, const uint32_t *widths, uint32_t rules, int output) {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
  if (filter == NULL) _exit(1);
  seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
  for (uint32_t rule = 0; rule < rules; rule++) {
    if (seccomp_rule_add_exact_array(filter, SCMP_ACT_ALLOW, call, widths[rule], comparisons) != 0) _exit(1);
    comparisons += widths[rule];
  }
  _exit(seccomp_export_bpf(filter, output) != 0);
}

int cchild_compile(
    int call, const struct scmp_arg_cmp *comparisons, const uint32_t *widths, uint32_t rules, unsigned seconds,
    struct sock_filter *program, uint32_t capacity) {
  int output = memfd_create("program", MFD_CLOEXEC);
  if (output < 0) return -1;
  pid_t child = fork();
  if (child == 0) {
    end_by_default(SIGALRM);
    alarm(seconds);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    compile(call, comparisons, widths, rules, output);
  }
  int status = 0;
  int result = -1;
  if (child > 0 && waitpid(child, &status, 0) == child) {
    if (WIFSIGNALED(status)) result = -2;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
      ssize_t size = pread(output, program, capacity * sizeof *program, 0);
      if (size >= 0) result = size / sizeof *program;
    }
  }
  close(output);
  return result;
}

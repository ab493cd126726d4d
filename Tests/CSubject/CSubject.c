#define _GNU_SOURCE
#include "CSubject.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/kvm.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const uid_t inside = 61001;

static void wait_for_ever(void) {
  for (;;) syscall(SYS_pause);
}

static int install(const struct sock_filter *program, unsigned short length) {
  return syscall(
      SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &(struct sock_fprog){length, (struct sock_filter *)program});
}

static int put(pid_t process, const char *file, const char *text) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/%s", process, file);
  int descriptor = open(path, O_WRONLY);
  ssize_t size = descriptor < 0 ? -1 : write(descriptor, text, strlen(text));
  close(descriptor);
  return size < 0 ? -1 : 0;
}

static void chase(void) {
  int newest = open("/proc/sys/kernel/ns_last_pid", O_RDONLY);
  pid_t seen = getpid();
  for (;;) {
    char text[16] = {0};
    pread(newest, text, sizeof text - 1, 0);
    pid_t last = atoi(text);
    for (pid_t process = last; process > seen && process > last - 6; process--) {
      if (ptrace(PTRACE_SEIZE, process, NULL, NULL) == 0) _exit(1);
    }
  }
}

pid_t csubject_chaser(uid_t owner) {
  int entered[2], mapped[2];
  char byte = 0;
  if (pipe(entered) != 0 || pipe(mapped) != 0) return -1;
  pid_t child = fork();
  if (child == 0) {
    if (setgroups(0, NULL) != 0 || setresgid(owner, owner, owner) != 0 || setresuid(owner, owner, owner) != 0) _exit(2);
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    if (unshare(CLONE_NEWUSER) != 0) _exit(2);
    write(entered[1], &byte, 1);
    if (read(mapped[0], &byte, 1) != 1 || setresgid(0, 0, 0) != 0 || setresuid(0, 0, 0) != 0) _exit(2);
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    write(entered[1], &byte, 1);
    chase();
  }
  char map[32];
  snprintf(map, sizeof map, "0 %u 1\n", inside);
  int isReady = child > 0 && read(entered[0], &byte, 1) == 1 && put(child, "uid_map", map) == 0
      && put(child, "gid_map", map) == 0 && write(mapped[1], &byte, 1) == 1 && read(entered[0], &byte, 1) == 1;
  for (int end = 0; end < 2; end++) {
    close(entered[end]);
    close(mapped[end]);
  }
  return isReady ? child : -1;
}

// Starts a thread that needs nothing of the C library, whose locks a child of a process with threads may not have.
static void start_thread(int (*body)(void *)) {
  size_t size = 1 << 16;
  char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  clone(body, stack + size, CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM, NULL);
}

static volatile int thread_is_ready;

static int allowing_thread(void *unused) {
  static const struct sock_filter all[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  prctl(PR_SET_NAME, "kvm-nx-lpage");
  install(all, 1);
  thread_is_ready = 1;
  wait_for_ever();
  return 0;
}

static int plain_thread(void *unused) {
  prctl(PR_SET_NAME, "kvm-nx-lpage");
  wait_for_ever();
  return 0;
}

pid_t csubject_hidden_thread(void) {
  pid_t child = fork();
  if (child == 0) {
    static const struct sock_filter pause_only[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 4),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xc000003e, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pause, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    };
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    start_thread(allowing_thread);
    while (!thread_is_ready) sched_yield();
    install(pause_only, 6);
    wait_for_ever();
  }
  return child;
}

pid_t csubject_two_threads(void) {
  pid_t child = fork();
  if (child == 0) {
    start_thread(plain_thread);
    plain_thread(NULL);
  }
  return child;
}

pid_t csubject_vfork(void) {
  pid_t child = fork();
  if (child == 0) {
    if (vfork() == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
      for (;;) syscall(SYS_pause);
    }
    wait_for_ever();
  }
  return child;
}

static struct csubject_signals *shared;

struct csubject_signals *csubject_share(void) {
  void *memory = mmap(
      NULL, sizeof(struct csubject_signals), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return NULL;
  shared = memory;
  return shared;
}

void csubject_unshare(void) {
  if (shared != NULL) munmap(shared, sizeof *shared);
}

static struct csubject_signals *counted;

static void count_one(int number) { counted->received++; }

static void send_all(pid_t receiver, int64_t count) {
  while (counted->sent < count) {
    if (sigqueue(receiver, SIGRTMIN, (union sigval){0}) == 0) {
      counted->sent++;
    } else {
      usleep(10);
    }
  }
  counted->done = 1;
}

pid_t csubject_receiver(struct csubject_signals *signals, int64_t count) {
  pid_t child = fork();
  if (child == 0) {
    counted = signals;
    sigaction(SIGRTMIN, &(struct sigaction){.sa_handler = count_one}, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    pid_t receiver = getpid();
    if (fork() == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
      send_all(receiver, count);
      _exit(0);
    }
    for (;;) nanosleep(&(struct timespec){0, 1000000}, NULL);
  }
  return child;
}

pid_t csubject_filtered(const struct sock_filter *program, unsigned short length) {
  pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (install(program, length) != 0) _exit(1);
    for (;;) __asm__ __volatile__("pause");
  }
  return child;
}

static void map(uint64_t start, size_t size) {
  mmap((void *)start, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
}

pid_t csubject_pretender(
  int vcpu, uint64_t block, uint64_t memory, uint64_t window, const struct sock_filter *program, unsigned short length) {
  pid_t child = fork();
  if (child == 0) {
    if (block != 0) {
      map(block, 4096);
      map(memory, window);
    }
    int kvm = open("/dev/kvm", O_RDWR);
    int machine = ioctl(kvm, KVM_CREATE_VM, 0);
    int processor = fcntl(ioctl(machine, KVM_CREATE_VCPU, 0), F_DUPFD, 200);
    if (processor < 0) _exit(1);
    dup2(processor, vcpu);
    for (int descriptor = 3; descriptor < 256; descriptor++) {
      if (descriptor != vcpu) close(descriptor);
    }
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (install(program, length) != 0) _exit(1);
    for (;;) __asm__ __volatile__("pause");
  }
  return child;
}

int csubject_watch(const char *path) {
  int watch = inotify_init1(IN_NONBLOCK);
  if (watch >= 0 && inotify_add_watch(watch, path, IN_OPEN) < 0) {
    close(watch);
    return -1;
  }
  return watch;
}

int csubject_opened(int watch) {
  char events[4096];
  ssize_t size = read(watch, events, sizeof events);
  close(watch);
  return size > 0;
}

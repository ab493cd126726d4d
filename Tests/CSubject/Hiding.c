// Processes that hide something from who looks at them.
#define _GNU_SOURCE
#include "CSubject.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/fuse.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/io_uring.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static void wait_for_ever(void) {
  for (;;) syscall(SYS_pause);
}

// Gives back what a child has of its parent's, as the ends of others' pipes, but one descriptor.
static void close_all_but(int kept) {
  if (kept > 3) syscall(SYS_close_range, 3, kept - 1, 0);
  syscall(SYS_close_range, kept < 3 ? 3 : kept + 1, ~0U, 0);
}

// A child that begins with a function and then waits.
static pid_t subject(void (*body)(void *), void *argument) {
  int ready[2];
  char byte = 0;
  if (pipe(ready) != 0) return -1;
  pid_t child = fork();
  if (child == 0) {
    close_all_but(ready[1]);
    csubject_unshare();
    body(argument);
    write(ready[1], &byte, 1);
    close(ready[1]);
    wait_for_ever();
  }
  close(ready[1]);
  int is_ready = child > 0 && read(ready[0], &byte, 1) == 1;
  close(ready[0]);
  return is_ready ? child : -1;
}

static void start(int (*body)(void *), int flags, void *argument) {
  size_t size = 1 << 16;
  char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  clone(body, stack + size, CLONE_VM | CLONE_FS | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | flags, argument);
}

static void seal(void) {
  static struct sock_filter waiting[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pause, 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_write, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_close, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
  };
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &(struct sock_fprog){6, waiting}) != 0) _exit(1);
}

static volatile int is_started;

static int named(void *name) {
  prctl(PR_SET_NAME, name, 0, 0, 0);
  is_started = 1;
  wait_for_ever();
  return 0;
}

static void name_thread(void *name) {
  start(named, CLONE_FILES, name);
  while (!is_started) sched_yield();
  seal();
}

pid_t csubject_named_thread(const char *name) { return subject(name_thread, (void *)name); }

static void map_file(void *path) {
  int file = open(path, O_RDWR | O_CREAT, 0600);
  if (file < 0 || ftruncate(file, 4096) != 0) _exit(1);
  char *base = mmap(NULL, 2 * 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mmap(base, 4096, PROT_READ, MAP_PRIVATE | MAP_FIXED, file, 0);
  close(file);
}

pid_t csubject_mapped(const char *path) { return subject(map_file, (void *)path); }

static void share(void *argument) {
  int descriptor = -1;
  switch (*(enum csubject_shared *)argument) {
    case CSUBJECT_RING:
    case CSUBJECT_POLLED_RING: {
      struct io_uring_params parameters = {.sq_thread_idle = 600000};
      if (*(enum csubject_shared *)argument == CSUBJECT_POLLED_RING) parameters.flags = IORING_SETUP_SQPOLL;
      descriptor = syscall(SYS_io_uring_setup, 8, &parameters);
      if (descriptor < 0) _exit(1);
      mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, IORING_OFF_SQ_RING);
      break;
    }
    case CSUBJECT_ANONYMOUS: mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0); break;
    case CSUBJECT_SYSV: {
      int segment = shmget(IPC_PRIVATE, 4096, 0600);
      shmat(segment, NULL, 0);
      shmctl(segment, IPC_RMID, NULL);
      break;
    }
    case CSUBJECT_MEMFD:
      descriptor = syscall(SYS_memfd_create, "kvm-vcpu:0", 0);
      if (ftruncate(descriptor, 4096) != 0) _exit(1);
      mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  }
  if (descriptor >= 0) close(descriptor);
  seal();
}

pid_t csubject_sharing(enum csubject_shared kind) { return subject(share, &kind); }

static unsigned long made;
static unsigned alive;

// Ends once there are two younger ones: some are always there.
static int end_soon(void *turn) {
  while (__atomic_load_n(&made, __ATOMIC_SEQ_CST) < (unsigned long)turn + 3)
    syscall(SYS_nanosleep, &(struct timespec){0, 50000}, NULL);
  __atomic_fetch_sub(&alive, 1, __ATOMIC_SEQ_CST);
  syscall(SYS_exit, 0);
  return 0;
}

pid_t csubject_churn(void) {
  pid_t child = fork();
  if (child == 0) {
    static char stacks[4096][4096];
    close_all_but(0);
    for (unsigned long turn = 0;; turn++) {
      while (__atomic_load_n(&alive, __ATOMIC_SEQ_CST) > 8) sched_yield();
      __atomic_fetch_add(&alive, 1, __ATOMIC_SEQ_CST);
      clone(
          end_soon, stacks[turn % 4096] + 4096,
          CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM, (void *)turn);
      __atomic_fetch_add(&made, 1, __ATOMIC_SEQ_CST);
    }
  }
  return child;
}

static void have_tracer(void *unused) {
  int ready[2];
  char byte = 0;
  if (pipe(ready) != 0) _exit(1);
  pid_t traced = getpid();
  if (fork() == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (ptrace(PTRACE_SEIZE, traced, NULL, NULL) != 0) _exit(1);
    write(ready[1], &byte, 1);
    wait_for_ever();
  }
  if (read(ready[0], &byte, 1) != 1) _exit(1);
}

pid_t csubject_traced(void) { return subject(have_tracer, NULL); }

struct ids {
  const uid_t *users;
  const gid_t *groups;
};

static void take_ids(void *argument) {
  struct ids *ids = argument;
  if (setgroups(0, NULL) != 0 || setresgid(ids->groups[0], ids->groups[1], ids->groups[2]) != 0) _exit(1);
  setfsgid(ids->groups[3]);
  prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
  if (setresuid(ids->users[0], ids->users[1], ids->users[2]) != 0) _exit(1);
  // A file-system id of its own is a privilege, which the change of user has kept permitted.
  struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct sets[2] = {{0}};
  if (syscall(SYS_capget, &head, sets) != 0) _exit(1);
  sets[0].effective = sets[0].permitted;
  if (syscall(SYS_capset, &head, sets) != 0) _exit(1);
  setfsuid(ids->users[3]);
}

pid_t csubject_with_ids(const uid_t users[4], const gid_t groups[4]) {
  return subject(take_ids, &(struct ids){users, groups});
}

static int open_machine(void *unused) {
  open("/dev/kvm", O_RDWR);
  is_started = 1;
  wait_for_ever();
  return 0;
}

static void split_files(void *unused) {
  // A thread that is made without CLONE_FILES has a table of its own.
  start(open_machine, 0, NULL);
  while (!is_started) sched_yield();
}

pid_t csubject_split_files(void) { return subject(split_files, NULL); }

pid_t csubject_headless(void) {
  pid_t child = fork();
  if (child == 0) {
    close_all_but(0);
    start(named, CLONE_FILES, "other");
    while (!is_started) sched_yield();
    syscall(SYS_exit, 0);
  }
  return child;
}

pid_t csubject_zombie(void) {
  pid_t child = fork();
  if (child == 0) _exit(0);
  siginfo_t info;
  waitid(P_PID, child, &info, WEXITED | WNOWAIT);
  return child;
}

static void hide_environment(void *unused) {
  // Where the kernel put it, whatever the C library did with it since.
  FILE *stat = fopen("/proc/self/stat", "r");
  char line[2048] = {0};
  if (stat == NULL || fread(line, 1, sizeof line - 1, stat) == 0) _exit(1);
  char *word = strrchr(line, ')');
  for (int field = 2; field < 50; field++) word = strchr(word + 1, ' ');
  uintptr_t first = strtoul(word, &word, 10), last = strtoul(word, &word, 10);
  for (uintptr_t page = first & -4096; page < last; page += 4096) {
    if (mprotect((void *)page, 4096, PROT_NONE) != 0) _exit(1);
  }
}

pid_t csubject_hidden_environment(void) { return subject(hide_environment, NULL); }

struct place {
  const char *directory;
  int stays_outside;
};

static void change_root(void *argument) {
  struct place *place = argument;
  if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0
      || mount("tmpfs", place->directory, "tmpfs", 0, "nr_inodes=1") != 0
      || mount("none", place->directory, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) != 0 || chdir("/") != 0
      || chroot(place->directory) != 0 || (!place->stays_outside && chdir("/") != 0))
    _exit(1);
}

pid_t csubject_chrooted(const char *directory, int stays_outside) {
  return subject(change_root, &(struct place){directory, stays_outside});
}

static void enter_unmapped(void *owner) {
  uid_t user = *(uid_t *)owner;
  if (setgroups(0, NULL) != 0 || setresgid(user, user, user) != 0 || setresuid(user, user, user) != 0
      || unshare(CLONE_NEWUSER) != 0)
    _exit(1);
}

pid_t csubject_unmapped(uid_t owner) { return subject(enter_unmapped, &owner); }

static int answer(int device, struct fuse_in_header *request, const void *body, size_t size, int error) {
  char message[512] = {0};
  struct fuse_out_header head = {sizeof head + size, error, request->unique};
  memcpy(message, &head, sizeof head);
  if (size > 0) memcpy(message + sizeof head, body, size);
  return write(device, message, head.len) < 0 ? -1 : 0;
}

static void serve(int device, int silence) {
  static char buffer[1 << 20];
  struct fuse_in_header *request = (void *)buffer;
  struct fuse_attr_out attributes = {.attr = {.ino = 1, .mode = 040755, .nlink = 1}};
  while (read(device, buffer, sizeof buffer) > 0) {
    char byte;
    int is_silent = recv(silence, &byte, 1, MSG_DONTWAIT | MSG_PEEK) >= 0;
    if (request->opcode == FUSE_INIT) {
      struct fuse_init_out init = {.major = 7, .minor = 31, .max_readahead = 65536, .max_write = 4096};
      answer(device, request, &init, sizeof init, 0);
    } else if (request->opcode == FUSE_FORGET || request->opcode == FUSE_BATCH_FORGET || is_silent) {
      continue;
    } else if (request->opcode == FUSE_GETATTR) {
      answer(device, request, &attributes, sizeof attributes, 0);
    } else if (request->opcode == FUSE_OPENDIR) {
      answer(device, request, &(struct fuse_open_out){0}, sizeof(struct fuse_open_out), 0);
    } else {
      answer(device, request, NULL, 0, -38);
    }
  }
  _exit(0);
}

struct csubject_pair csubject_silent(const char *directory) {
  int ends[2], silence[2];
  struct csubject_pair pair = {-1, -1};
  if (pipe(ends) != 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, silence) != 0) return pair;
  pair.server = fork();
  if (pair.server == 0) {
    char options[128];
    syscall(SYS_close_range, 3, ends[0], 0);
    int device = open("/dev/fuse", O_RDWR);
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", device);
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0
        || mount("silent", directory, "fuse.silent", 0, options) != 0)
      _exit(1);
    pid_t inside = fork();
    if (inside == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
      close(device);
      pid_t self = getpid();
      if (chroot(directory) != 0 || chdir("/") != 0 || open("/", O_RDONLY | O_DIRECTORY) < 0) self = -1;
      write(silence[0], "", 1);
      write(ends[1], &self, sizeof self);
      wait_for_ever();
    }
    serve(device, silence[1]);
  }
  close(ends[1]);
  if (read(ends[0], &pair.inside, sizeof pair.inside) != sizeof pair.inside) pair.inside = -1;
  close(ends[0]);
  close(silence[0]);
  close(silence[1]);
  return pair;
}

static int wait_only(void *unused) {
  wait_for_ever();
  return 0;
}

static void share_memory(void *number) {
  size_t size = 1 << 16;
  char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  *(pid_t *)number = clone(wait_only, stack + size, CLONE_VM | SIGCHLD, NULL);
}

struct csubject_pair csubject_shared_memory(void) {
  struct csubject_pair pair = {-1, -1};
  pid_t *number = mmap(NULL, sizeof *number, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (number == MAP_FAILED) return pair;
  pair.inside = subject(share_memory, number);
  pair.server = *number;
  munmap(number, sizeof *number);
  return pair;
}

static int end_first(void *number) {
  start(wait_only, CLONE_FILES, NULL);
  *(pid_t *)number = getpid();
  syscall(SYS_exit, 0);
  return 0;
}

static int split_first(void *number) {
  start(wait_only, CLONE_FILES, NULL);
  if (unshare(CLONE_FILES) != 0) _exit(1);
  *(pid_t *)number = getpid();
  wait_for_ever();
  return 0;
}

static pid_t hopping;

static int hop(void *turn) {
  static char stacks[32][4096];
  // Nobody knows its number, so it ends itself when the process has ended that it shares the memory with.
  if (syscall(SYS_getppid) != hopping) syscall(SYS_exit, 0);
  syscall(SYS_nanosleep, &(struct timespec){0, 100000}, NULL);
  unsigned long next = (unsigned long)turn + 1;
  clone(hop, stacks[next % 32] + 4096, CLONE_VM | CLONE_PARENT, (void *)next);
  syscall(SYS_exit, 0);
  return 0;
}

static int shed(void *turn) {
  static char stacks[2][4096];
  unsigned long next = ((unsigned long)turn + 1) % 2;
  for (;;) {
    if (syscall(SYS_getppid) != hopping) syscall(SYS_exit, 0);
    nanosleep(&(struct timespec){0, 1000000}, NULL);
    if (clone(shed, stacks[next] + 4096, CLONE_FILES | CLONE_PARENT, (void *)next) > 0) break;
  }
  unshare(CLONE_FILES);
  nanosleep(&(struct timespec){0, 100000000}, NULL);
  syscall(SYS_exit, 0);
  return 0;
}

struct kinship {
  enum csubject_kinship kind;
  pid_t *number;
};

static void have_relative(void *argument) {
  struct kinship *kinship = argument;
  size_t size = 1 << 16;
  char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  switch (kinship->kind) {
    case CSUBJECT_HEADLESS: clone(end_first, stack + size, CLONE_VM | SIGCHLD, kinship->number); break;
    case CSUBJECT_SPLIT: clone(split_first, stack + size, CLONE_FILES | SIGCHLD, kinship->number); break;
    case CSUBJECT_HOPPING:
      signal(SIGCHLD, SIG_IGN);
      hopping = getpid();
      clone(hop, stack + size, CLONE_VM | SIGCHLD, NULL);
      return;
    case CSUBJECT_SHEDDING:
      signal(SIGCHLD, SIG_IGN);
      hopping = getpid();
      clone(shed, stack + size, CLONE_FILES | SIGCHLD, NULL);
      return;
  }
  while (*(volatile pid_t *)kinship->number == -1) sched_yield();
}

struct csubject_pair csubject_relative(enum csubject_kinship kind) {
  struct csubject_pair pair = {-1, -1};
  pid_t *number = mmap(NULL, sizeof *number, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (number == MAP_FAILED) return pair;
  *number = -1;
  pair.inside = subject(have_relative, &(struct kinship){kind, number});
  pair.server = *number;
  munmap(number, sizeof *number);
  return pair;
}

struct many {
  int threads, descriptors;
};

static void have_many(void *argument) {
  struct many *many = argument;
  struct rlimit limit = {many->descriptors + 16, many->descriptors + 16};
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) _exit(1);
  int null = open("/dev/null", O_RDWR);
  for (int index = 0; index < many->descriptors; index++) {
    if (dup(null) < 0) _exit(1);
  }
  for (int index = 0; index < many->threads; index++) start(wait_only, CLONE_FILES, NULL);
}

pid_t csubject_many(int threads, int descriptors) { return subject(have_many, &(struct many){threads, descriptors}); }

static int stay_among_mounts(void *directory) {
  char path[256];
  snprintf(path, sizeof path, "%s/empty", (char *)directory);
  if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 || mkdir(path, 0700) != 0
      || chroot(path) != 0 || chdir("/") != 0)
    _exit(1);
  is_started = 1;
  wait_for_ever();
  return 0;
}

static void divide_root(void *directory) {
  char path[256];
  start(stay_among_mounts, CLONE_FILES, directory);
  while (!is_started) sched_yield();
  snprintf(path, sizeof path, "%s/root", (char *)directory);
  if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 || mkdir(path, 0700) != 0
      || mount("tmpfs", path, "tmpfs", 0, NULL) != 0 || chdir(path) != 0 || syscall(SYS_pivot_root, ".", ".") != 0
      || umount2(".", MNT_DETACH) != 0 || mount("none", "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) != 0
      || chdir("/") != 0)
    _exit(1);
}

pid_t csubject_divided_root(const char *directory) { return subject(divide_root, (void *)directory); }

static int take_user(void *user) {
  // The system call, and not the C library's function: that changes all threads.
  if (syscall(SYS_setresuid, *(uid_t *)user, *(uid_t *)user, *(uid_t *)user) != 0) _exit(1);
  is_started = 1;
  wait_for_ever();
  return 0;
}

static void start_other(void *user) {
  start(take_user, CLONE_FILES, user);
  while (!is_started) sched_yield();
}

pid_t csubject_with_other_thread(uid_t user) { return subject(start_other, &user); }

pid_t csubject_changing(void) {
  pid_t child = fork();
  if (child == 0) {
    static struct sock_filter allowing[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    struct epoll_event event;
    close_all_but(0);
    int events = epoll_create1(0);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &(struct sock_fprog){1, allowing}) != 0) _exit(1);
    // It ends early when a tracer stops the thread (signal(7)).
    while (epoll_wait(events, &event, 1, -1) >= 0) continue;
    mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    open("/dev/zero", O_RDONLY);
    wait_for_ever();
  }
  usleep(100000);
  return child;
}

static void be_supervised(void *unused) {
  static struct sock_filter handing[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pause, 4, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_write, 3, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_close, 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_seccomp, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  static struct sock_filter allowing[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &(struct sock_fprog){7, handing})
          < 0
      || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &(struct sock_fprog){1, allowing}) != 0)
    _exit(1);
}

pid_t csubject_supervised(void) { return subject(be_supervised, NULL); }

struct csubject_pair csubject_with_socket(int type, const char *command) {
  int ends[2];
  struct csubject_pair pair = {-1, -1};
  if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) != 0) return pair;
  pair.server = fork();
  if (pair.server == 0) {
    close_all_but(ends[1]);
    wait_for_ever();
  }
  pair.inside = fork();
  if (pair.inside == 0) {
    close_all_but(ends[0]);
    dup2(ends[0], 7);
    // Where it had that number already, it is still closed by exec.
    fcntl(7, F_SETFD, 0);
    execl("/bin/sh", "sh", "-c", command, NULL);
    _exit(127);
  }
  close(ends[0]);
  close(ends[1]);
  return pair;
}

pid_t csubject_with_tap(const char *path, const char *command) {
  pid_t child = fork();
  if (child == 0) {
    int tap = open(path, O_RDWR | O_CLOEXEC);
    struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
    // Without it each frame of a macvtap has a header before it.
    if (tap < 0 || ioctl(tap, TUNSETIFF, &request) != 0) _exit(126);
    close_all_but(tap);
    dup2(tap, 7);
    if (tap != 7) close(tap);
    fcntl(7, F_SETFD, 0);
    execl("/bin/sh", "sh", "-c", command, NULL);
    _exit(127);
  }
  return child;
}

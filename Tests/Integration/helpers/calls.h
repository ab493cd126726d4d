// System calls by name, for those that tests deny or make.
#pragma once

#include "common.h"
#include <asm/unistd.h>

#define CALL(name) {#name, __NR_##name}
static const struct {
  const char *name;
  int number;
} calls[] = {
#ifdef __x86_64__
    CALL(access), CALL(arch_prctl), CALL(epoll_wait), CALL(fork), CALL(open), CALL(poll), CALL(readlink), CALL(rename),
    CALL(stat), CALL(unlink), CALL(vfork),
#endif
    CALL(bpf), CALL(brk), CALL(capget), CALL(capset), CALL(chdir), CALL(clock_gettime), CALL(clone), CALL(clone3),
    CALL(close), CALL(close_range), CALL(dup), CALL(dup3), CALL(epoll_create1), CALL(epoll_ctl), CALL(epoll_pwait),
    CALL(execve), CALL(exit), CALL(exit_group), CALL(fcntl), CALL(fstat), CALL(ftruncate), CALL(futex),
    CALL(getegid), CALL(geteuid), CALL(getgroups), CALL(getpid), CALL(getrandom), CALL(getsockopt), CALL(getuid),
    CALL(io_uring_setup), CALL(ioctl), CALL(kill), CALL(landlock_create_ruleset), CALL(landlock_restrict_self),
    CALL(lseek), CALL(madvise), CALL(memfd_create), CALL(mmap), CALL(mount), CALL(mprotect), CALL(munmap),
    CALL(newfstatat), CALL(openat), CALL(personality), CALL(pivot_root), CALL(ppoll), CALL(prctl), CALL(pread64),
    CALL(prlimit64), CALL(process_vm_readv), CALL(ptrace), CALL(pwrite64), CALL(read), CALL(readlinkat), CALL(readv),
    CALL(rseq), CALL(rt_sigaction), CALL(rt_sigprocmask), CALL(rt_sigreturn), CALL(seccomp), CALL(sendmsg),
    CALL(set_robust_list), CALL(set_tid_address), CALL(setgroups), CALL(setns), CALL(setresgid), CALL(setresuid),
    CALL(socket), CALL(statfs), CALL(tgkill), CALL(timerfd_create), CALL(timerfd_settime), CALL(umount2), CALL(uname),
    CALL(unshare), CALL(userfaultfd), CALL(wait4), CALL(write), CALL(writev),
};

// The number of a call given by name or number.
static inline unsigned long call_number(const char *name) {
  for (size_t index = 0; index < sizeof calls / sizeof *calls; index++)
    if (strcmp(calls[index].name, name) == 0) return calls[index].number;
  return number(name);
}

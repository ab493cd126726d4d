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
    CALL(access), CALL(alarm), CALL(arch_prctl), CALL(epoll_wait), CALL(fork), CALL(ioperm), CALL(iopl), CALL(modify_ldt),
    CALL(open), CALL(pause), CALL(poll), CALL(readlink), CALL(rename), CALL(stat), CALL(unlink), CALL(vfork),
#endif
    CALL(accept4), CALL(acct), CALL(add_key), CALL(bind), CALL(bpf), CALL(brk), CALL(capget), CALL(capset), CALL(chdir),
    CALL(chroot), CALL(clock_gettime), CALL(clone), CALL(clone3), CALL(close), CALL(close_range), CALL(connect),
    CALL(copy_file_range), CALL(dup), CALL(dup3), CALL(epoll_create1), CALL(epoll_ctl), CALL(epoll_pwait),
    CALL(eventfd2), CALL(execve), CALL(execveat), CALL(exit), CALL(exit_group), CALL(faccessat), CALL(fallocate),
    CALL(fanotify_init), CALL(fchmod), CALL(fchown), CALL(fcntl), CALL(fsopen), CALL(fstat), CALL(ftruncate),
    CALL(futex), CALL(getdents64), CALL(getegid), CALL(geteuid), CALL(getgroups), CALL(getpid), CALL(getppid), CALL(getrandom), CALL(getresgid), CALL(getresuid),
    CALL(getsockopt), CALL(getuid), CALL(init_module), CALL(inotify_init1), CALL(io_uring_enter),
    CALL(io_uring_register), CALL(io_uring_setup), CALL(ioctl), CALL(ioprio_set), CALL(kcmp), CALL(kexec_load),
    CALL(keyctl), CALL(kill), CALL(landlock_create_ruleset), CALL(landlock_restrict_self), CALL(linkat), CALL(listen),
    CALL(lseek), CALL(madvise), CALL(membarrier), CALL(memfd_create), CALL(migrate_pages), CALL(mkdirat),
    CALL(mknodat), CALL(mlockall), CALL(mmap), CALL(mount), CALL(mount_setattr), CALL(move_mount), CALL(move_pages),
    CALL(mprotect), CALL(mremap), CALL(munmap), CALL(name_to_handle_at), CALL(nanosleep), CALL(newfstatat),
    CALL(open_by_handle_at), CALL(open_tree), CALL(openat), CALL(openat2), CALL(perf_event_open), CALL(personality),
    CALL(pidfd_getfd), CALL(pidfd_open), CALL(pidfd_send_signal), CALL(pipe2), CALL(pivot_root), CALL(pkey_mprotect),
    CALL(ppoll), CALL(prctl), CALL(pread64), CALL(preadv), CALL(prlimit64), CALL(process_madvise),
    CALL(process_mrelease), CALL(process_vm_readv), CALL(process_vm_writev), CALL(ptrace), CALL(pwrite64),
    CALL(pwritev2), CALL(read), CALL(readlinkat), CALL(readv), CALL(reboot), CALL(recvfrom), CALL(remap_file_pages),
    CALL(rseq), CALL(rt_sigaction), CALL(rt_sigprocmask), CALL(rt_sigqueueinfo), CALL(rt_sigreturn),
    CALL(sched_setaffinity), CALL(seccomp), CALL(sendfile), CALL(sendmsg), CALL(sendto), CALL(set_mempolicy),
    CALL(set_robust_list), CALL(set_tid_address), CALL(setgroups), CALL(setitimer), CALL(setns), CALL(setpriority),
    CALL(setresgid), CALL(setresuid), CALL(setsockopt), CALL(setuid), CALL(shmat), CALL(shmget), CALL(signalfd4),
    CALL(socket), CALL(socketpair), CALL(splice), CALL(statfs), CALL(statx), CALL(swapon), CALL(symlinkat), CALL(syslog), CALL(tee),
    CALL(tgkill), CALL(timer_create), CALL(timerfd_create), CALL(timerfd_settime), CALL(tkill), CALL(truncate),
    CALL(umount2), CALL(uname), CALL(unlinkat), CALL(unshare), CALL(userfaultfd), CALL(vmsplice), CALL(wait4),
    CALL(waitid), CALL(write), CALL(writev),
};

// The number of a call given by name or number.
static inline unsigned long call_number(const char *name) {
  for (size_t index = 0; index < sizeof calls / sizeof *calls; index++)
    if (strcmp(calls[index].name, name) == 0) return calls[index].number;
  return number(name);
}

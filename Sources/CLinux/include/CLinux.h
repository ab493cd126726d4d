/// The C library and kernel headers that Brig sees, and what Swift can't import of them by itself.
///
/// There are two C libraries: musl 1.2 for the tender, with which a program starts sooner, and glibc 2.36 or
/// later for `brig`, which Swift's own libraries need.
///
/// A symbol stands here for one of three reasons: a macro that isn't a plain number, a union or a register that Swift
/// can't name, or a constant younger than the oldest headers Brig builds with (Linux 6.1). What is more than that is a
/// call that must be made in one piece, or read back.
#ifndef BRIG_CLINUX_H
#define BRIG_CLINUX_H

#include <time.h>

#include <asm/kvm.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/if_tun.h>
#include <linux/keyctl.h>
#include <linux/kvm.h>
#include <linux/landlock.h>
#include <linux/mman.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <linux/sockios.h>
#include <linux/time_types.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/vfs.h>
#include <ucontext.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <asm/kvm_para.h>
#endif

#pragma clang assume_nonnull begin

/// Gives what the kernel returned as a C library does: -1 for a negative error number, which `errno` becomes.
static inline int clinux_answer(long result) {
  if (result >= 0) return (int)result;
  errno = (int)-result;
  return -1;
}

/// Makes a system call and returns what the kernel returned: a negative error number on failure.
static inline long clinux_system_call(
    long number, long a, long b, long c, long d, long e, long f) {
#if defined(__x86_64__)
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ __volatile__("syscall"
                       : "=a"(result)
                       : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                       : "rcx", "r11", "memory");
  return result;
#elif defined(__aarch64__)
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;
  __asm__ __volatile__("svc #0"
                       : "+r"(x0)
                       : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                       : "memory");
  return x0;
#else
#error "Brig knows x86_64 and aarch64."
#endif
}

/// The same, again as long as a signal interrupts it.
long clinux_repeated_call(long number, long a, long b, long c, long d, long e, long f);

/// The same of a call with up to three arguments; the others are 0.
long clinux_repeated_short_call(long number, long a, long b, long c);

/// Makes a child that goes on from here (clone(2) without CLONE_VM), and makes the call again as long as a signal
/// interrupts it.
///
/// The child is known by its own number, which the kernel writes into its memory and no filter can.
///
/// - flags: of clone, a signal at the child's end among them, or none.
///
/// Returns the child's number, 0 in the child, or a negative error number: -ENOSYS where a filter has answered with 0.
long clinux_fork(long flags);

/// Asks what this process has used so far (getrusage(2)); whose usage is asked for has another type in each C library.
static inline void clinux_own_usage(struct rusage *usage) {
  clinux_system_call(SYS_getrusage, RUSAGE_SELF, (long)usage, 0, 0, 0, 0);
}

/// Reads the counter that the guest's clock runs on; aarch64 only, 0 elsewhere.
static inline unsigned long clinux_counter_frequency(void) {
#if defined(__aarch64__)
  unsigned long hertz;
  __asm__("mrs %0, cntfrq_el0" : "=r"(hertz));
  return hertz;
#else
  return 0;
#endif
}

/// Whether a SIGSYS comes from a filter that has trapped a system call (SYS_SECCOMP), and not from somebody who has
/// sent it.
static inline _Bool clinux_is_trap(const siginfo_t *info) { return info->si_code == 1; }

/// The number of the system call that a seccomp filter trapped.
static inline int clinux_trapped_number(const siginfo_t *info) { return info->si_syscall; }

/// Argument `index` (0 to 5) of the system call that a seccomp filter trapped.
unsigned long clinux_trapped_argument(const void *context, int index);

/// Makes the call that installs a filter, `seccomp(operation, flags, program)`, and keeps what the kernel answered.
///
/// It consists of instructions of its own, so that a signal's handler can tell by the interrupted one whether the call
/// has been made.
long clinux_install_filter(long operation, long flags, long program);

/// Whether `clinux_install_filter` had succeeded when a signal interrupted this context.
_Bool clinux_filter_was_installed(const void *context);

/// What is called for a signal.
typedef void clinux_handler(int, siginfo_t *, void *);

/// What the kernel takes for a signal (include/linux/signal_types.h), and the flag that a restorer is there.
struct clinux_action {
  clinux_handler *_Nullable handler;
  unsigned long flags;
  void (*_Nullable restorer)(void);
  unsigned long mask;
};
static const unsigned long CLINUX_SA_RESTORER = 0x04000000;

/// Catches a signal with all others blocked, and itself unless it is SIGSYS; -1 where the kernel refuses.
int clinux_catch_signal(int number, clinux_handler *handler);

/// Gives a signal its default action, or ignores it; -1 where the kernel refuses.
int clinux_reset_signal(int number);
int clinux_ignore_signal(int number);

/// Forgets what is pending of the signals that are blocked, unless somebody handles it: unblocked, it would end the
/// process without a word; -1 where the kernel doesn't say which they are.
int clinux_drop_pending_signals(void);

/// Blocks every signal, and says which ones were before; -1 where the kernel refuses.
int clinux_block_signals(unsigned long *before);

/// Blocks those and no others again, and asks the kernel whether it is so; -1 where it isn't.
int clinux_restore_signals(unsigned long before);

/// Unblocks every signal; -1 where the kernel refuses.
int clinux_unblock_signals(void);

/// Whether the kernel has this handler for a signal; none is the default action.
_Bool clinux_handles(int number, clinux_handler *_Nullable handler);

/// What stands for a handler where a signal is ignored.
clinux_handler *clinux_ignored(void);

/// Whether the kernel says that no signal is blocked.
_Bool clinux_blocks_no_signal(void);

/// What the kernel says of an error number, or null where it is unknown.
const char *_Nullable clinux_error_description(int number);

/// Requests that `ioctl` takes; the headers define them by function-like macros.
static const unsigned long
    CLINUX_KVM_GET_API_VERSION = KVM_GET_API_VERSION,
    CLINUX_KVM_CREATE_VM = KVM_CREATE_VM,
    CLINUX_KVM_CHECK_EXTENSION = KVM_CHECK_EXTENSION,
    CLINUX_KVM_GET_VCPU_MMAP_SIZE = KVM_GET_VCPU_MMAP_SIZE,
    CLINUX_KVM_CREATE_VCPU = KVM_CREATE_VCPU,
    CLINUX_KVM_SET_USER_MEMORY_REGION = KVM_SET_USER_MEMORY_REGION,
    CLINUX_KVM_ENABLE_CAP = KVM_ENABLE_CAP,
    CLINUX_KVM_RUN = KVM_RUN,
    CLINUX_KVM_GET_REGS = KVM_GET_REGS,
    CLINUX_KVM_SET_REGS = KVM_SET_REGS,
    CLINUX_KVM_GET_SREGS = KVM_GET_SREGS,
    CLINUX_KVM_SET_SREGS = KVM_SET_SREGS,
    CLINUX_KVM_GET_ONE_REG = KVM_GET_ONE_REG,
    CLINUX_KVM_SET_ONE_REG = KVM_SET_ONE_REG,
    CLINUX_BLKBSZGET = _IOR(0x12, 112, size_t),
    CLINUX_BLKBSZSET = _IOW(0x12, 113, size_t),
    CLINUX_BLKGETSIZE64 = _IOR(0x12, 114, size_t),
    CLINUX_TUNSETIFF = TUNSETIFF,
    CLINUX_TUNSETOFFLOAD = TUNSETOFFLOAD,
    CLINUX_TUNGETIFF = TUNGETIFF;

#if defined(__x86_64__)
static const unsigned long
    CLINUX_KVM_GET_SUPPORTED_CPUID = KVM_GET_SUPPORTED_CPUID,
    CLINUX_KVM_SET_CPUID2 = KVM_SET_CPUID2,
    CLINUX_KVM_GET_TSC_KHZ = KVM_GET_TSC_KHZ,
    CLINUX_KVM_X86_SET_MSR_FILTER = KVM_X86_SET_MSR_FILTER;
#else
static const unsigned long
    CLINUX_KVM_ARM_PREFERRED_TARGET = KVM_ARM_PREFERRED_TARGET,
    CLINUX_KVM_ARM_VCPU_INIT = KVM_ARM_VCPU_INIT;
#endif

/// Resource limits; the headers define them by an enumeration behind macros.
static const int
    CLINUX_RLIMIT_CORE = RLIMIT_CORE,
    CLINUX_RLIMIT_FSIZE = RLIMIT_FSIZE,
    CLINUX_RLIMIT_NOFILE = RLIMIT_NOFILE,
    CLINUX_RLIMIT_NPROC = RLIMIT_NPROC;

/// That the other end sends no more (poll(2)); the C library hides it behind a feature macro.
static const int CLINUX_POLLRDHUP = 0x2000;
/// What is in the way of a lock of an open file description (F_OFD_GETLK); the C library hides it behind a feature
/// macro.
static const int CLINUX_F_OFD_GETLK = 36;
/// Waits for children without an exit signal too (wait4(2)); hidden likewise.
static const int CLINUX_WALL = 0x40000000;
/// How much a pipe holds (fcntl(2)); hidden likewise.
static const int CLINUX_F_GETPIPE_SZ = 1032;

/// Duplicates a descriptor, close-on-exec (F_DUPFD_CLOEXEC), likewise.
static const int CLINUX_F_DUPFD_CLOEXEC = 1030;

/// A descriptor that only names a file (open(2)), hidden likewise; and what of the flags is the way of access, which
/// some C libraries count O_PATH to.
static const int CLINUX_O_PATH = 010000000, CLINUX_O_ACCMODE = 3;

/// Flags of an interface: include/uapi/linux/if.h, which clashes with the C library's headers.
static const int CLINUX_IFF_UP = 1, CLINUX_IFF_RUNNING = 1 << 6;

/// Seals memory mappings (mseal(2), Linux 6.10), younger than the oldest headers.
static const int CLINUX_SYS_mseal = 462;

/// Scheduling policies of sched(7) that hide behind a feature macro.
static const int CLINUX_SCHED_BATCH = 3, CLINUX_SCHED_DEADLINE = 6, CLINUX_SCHED_RESET_ON_FORK = 0x40000000;

/// Whose priority getpriority(2) asks for; the headers define it by an enumeration behind a macro.
static const int CLINUX_PRIO_USER = PRIO_USER;

/// Operations of keyctl(2) and a keyring's special id: include/uapi/linux/keyctl.h.
static const int CLINUX_KEYCTL_GET_KEYRING_ID = KEYCTL_GET_KEYRING_ID,
                 CLINUX_KEYCTL_JOIN_SESSION_KEYRING = KEYCTL_JOIN_SESSION_KEYRING,
                 CLINUX_KEY_SPEC_SESSION_KEYRING = KEY_SPEC_SESSION_KEYRING;

/// Kinds of sockets; the headers define them by an enumeration behind macros.
static const int CLINUX_SOCK_DGRAM = SOCK_DGRAM, CLINUX_SOCK_SEQPACKET = SOCK_SEQPACKET, CLINUX_SOCK_CLOEXEC = SOCK_CLOEXEC;

/// A wait that a stop interrupts returns EINTR (personality(2)): include/uapi/linux/personality.h, which clashes with
/// the C library's.
static const int CLINUX_STICKY_TIMEOUTS = 0x4000000;

/// Younger than Linux 6.1: include/uapi/linux/prctl.h.
static const int
    CLINUX_PR_SET_MDWE = 65,
    CLINUX_PR_GET_MDWE = 66,
    CLINUX_PR_MDWE_REFUSE_EXEC_GAIN = 1,
    CLINUX_PR_SET_MEMORY_MERGE = 67,
    CLINUX_PR_GET_MEMORY_MERGE = 68;

/// Landlock access rights and scopes: include/uapi/linux/landlock.h.
struct clinux_landlock_ruleset {
  unsigned long long handled_access_fs;
  unsigned long long handled_access_net;
  unsigned long long scoped;
};

#pragma clang assume_nonnull end

#endif

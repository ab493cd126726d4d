import CLinux

/// A system call's name beside its number, so that an error can say what was refused.
package struct SystemCall: Sendable {
  /// The name as the kernel's manual spells it.
  package let name: StaticString
  /// The number on the architecture that this was compiled for.
  package let number: Int

  package init(_ name: StaticString, _ number: Int32) {
    self.name = name
    self.number = Int(number)
  }
}

extension SystemCall {
  package static var capget: Self { Self("capget", SYS_capget) }
  package static var capset: Self { Self("capset", SYS_capset) }
  package static var chdir: Self { Self("chdir", SYS_chdir) }
  package static var clone: Self { Self("clone", SYS_clone) }
  package static var close: Self { Self("close", SYS_close) }
  package static var closeRange: Self { Self("close_range", SYS_close_range) }
  package static var dup3: Self { Self("dup3", SYS_dup3) }
  package static var exitGroup: Self { Self("exit_group", SYS_exit_group) }
  package static var fcntl: Self { Self("fcntl", SYS_fcntl) }
  package static var fstat: Self { Self("fstat", SYS_fstat) }
  package static var fstatfs: Self { Self("fstatfs", SYS_fstatfs) }
  package static var ftruncate: Self { Self("ftruncate", SYS_ftruncate) }
  package static var getgroups: Self { Self("getgroups", SYS_getgroups) }
  package static var getpriority: Self { Self("getpriority", SYS_getpriority) }
  package static var getrandom: Self { Self("getrandom", SYS_getrandom) }
  package static var getsockopt: Self { Self("getsockopt", SYS_getsockopt) }
  package static var getppid: Self { Self("getppid", SYS_getppid) }
  package static var getresgid: Self { Self("getresgid", SYS_getresgid) }
  package static var getresuid: Self { Self("getresuid", SYS_getresuid) }
  package static var getpid: Self { Self("getpid", SYS_getpid) }
  package static var ioctl: Self { Self("ioctl", SYS_ioctl) }
  package static var keyctl: Self { Self("keyctl", SYS_keyctl) }
  package static var landlockCreateRuleset: Self { Self("landlock_create_ruleset", SYS_landlock_create_ruleset) }
  package static var landlockRestrictSelf: Self { Self("landlock_restrict_self", SYS_landlock_restrict_self) }
  package static var lseek: Self { Self("lseek", SYS_lseek) }
  package static var madvise: Self { Self("madvise", SYS_madvise) }
  package static var mmap: Self { Self("mmap", SYS_mmap) }
  package static var mount: Self { Self("mount", SYS_mount) }
  package static var mseal: Self { Self("mseal", CLINUX_SYS_mseal) }
  package static var mprotect: Self { Self("mprotect", SYS_mprotect) }
  package static var munmap: Self { Self("munmap", SYS_munmap) }
  package static var newfstatat: Self { Self("newfstatat", SYS_newfstatat) }
  package static var openat: Self { Self("openat", SYS_openat) }
  package static var openat2: Self { Self("openat2", SYS_openat2) }
  package static var personality: Self { Self("personality", SYS_personality) }
  package static var pipe2: Self { Self("pipe2", SYS_pipe2) }
  package static var pivotRoot: Self { Self("pivot_root", SYS_pivot_root) }
  package static var ppoll: Self { Self("ppoll", SYS_ppoll) }
  package static var prctl: Self { Self("prctl", SYS_prctl) }
  package static var pread64: Self { Self("pread64", SYS_pread64) }
  package static var prlimit64: Self { Self("prlimit64", SYS_prlimit64) }
  package static var pwrite64: Self { Self("pwrite64", SYS_pwrite64) }
  package static var read: Self { Self("read", SYS_read) }
  package static var schedGetScheduler: Self { Self("sched_getscheduler", SYS_sched_getscheduler) }
  package static var schedSetScheduler: Self { Self("sched_setscheduler", SYS_sched_setscheduler) }
  package static var seccomp: Self { Self("seccomp", SYS_seccomp) }
  package static var setfsuid: Self { Self("setfsuid", SYS_setfsuid) }
  package static var setgroups: Self { Self("setgroups", SYS_setgroups) }
  package static var setns: Self { Self("setns", SYS_setns) }
  package static var setresgid: Self { Self("setresgid", SYS_setresgid) }
  package static var setresuid: Self { Self("setresuid", SYS_setresuid) }
  package static var socket: Self { Self("socket", SYS_socket) }
  package static var statfs: Self { Self("statfs", SYS_statfs) }
  package static var statx: Self { Self("statx", SYS_statx) }
  package static var umount2: Self { Self("umount2", SYS_umount2) }
  package static var unshare: Self { Self("unshare", SYS_unshare) }
  package static var wait4: Self { Self("wait4", SYS_wait4) }
  package static var write: Self { Self("write", SYS_write) }
}

// Processes for the audit to look at, which behave as no program of the system does.
//
// Each is a child of the test's, which the test kills; a function returns its process id, or -1.
#pragma once
#include <linux/filter.h>
#include <stdint.h>
#include <sys/types.h>

/// Sits in a user namespace with all capabilities there, and tries to trace each new process of the machine.
///
/// The namespace's owner is `owner`; the process itself is user 61001 of the host. It ends with status 1 once it has
/// got hold of one.
pid_t csubject_chaser(uid_t owner);

/// Has a filter that allows `pause` alone, and a second thread, named as KVM names its own, whose filter allows all.
pid_t csubject_hidden_thread(void);

/// Has two threads without a filter, both named as KVM names its own.
pid_t csubject_two_threads(void);

/// Waits for a child that it has by vfork, and can't be stopped meanwhile.
pid_t csubject_vfork(void);

/// What became of the signals of `csubject_receiver`.
struct csubject_signals {
  volatile int64_t sent;
  volatile int64_t received;
  volatile int32_t done;
};

/// Memory that is shared with the children; never given back.
struct csubject_signals *csubject_share(void);
/// In a child: lets go of that memory, which a test beside this one may have made.
void csubject_unshare(void);

/// Counts real-time signals, which are queued and never merged; a child of its own sends `count` of them.
pid_t csubject_receiver(struct csubject_signals *signals, int64_t count);

/// Installs a filter, and makes no system call any more.
pid_t csubject_filtered(const struct sock_filter *program, unsigned short length);

/// Pretends to be a tender: has a vCPU at a descriptor and a tender's filter. Of the memory that it speaks of it has
/// the fixed block and the window, all accessible as what follows them may be, or, with a block of 0, none.
pid_t csubject_pretender(
  int vcpu, uint64_t block, uint64_t memory, uint64_t window, const struct sock_filter *program, unsigned short length);

/// Watches a file for being opened, by whomever; returns a descriptor for `csubject_opened`, or -1.
int csubject_watch(const char *path);

/// Whether a file was opened since it is watched, which it is no longer.
int csubject_opened(int watch);

/// Has a filter that allows `pause` alone, and a second thread without one, which has this name.
pid_t csubject_named_thread(const char *name);

/// Has a page of a file mapped, and behind it one that is writable and executable.
pid_t csubject_mapped(const char *path);

/// What `csubject_sharing` shares.
enum csubject_shared { CSUBJECT_RING, CSUBJECT_POLLED_RING, CSUBJECT_ANONYMOUS, CSUBJECT_SYSV, CSUBJECT_MEMFD };

/// Has memory mapped that others write into, of which no descriptor is open.
pid_t csubject_sharing(enum csubject_shared kind);

/// Makes threads without an end, each of which ends soon.
pid_t csubject_churn(void);

/// Has another process that traces it.
pid_t csubject_traced(void);

/// Has these ids: the real, the effective, the saved and the file-system one.
pid_t csubject_with_ids(const uid_t users[4], const gid_t groups[4]);

/// Has a second thread that has descriptors of its own, among them `/dev/kvm`.
pid_t csubject_split_files(void);

/// Has a first thread that has ended, and another.
pid_t csubject_headless(void);

/// Has ended, and nobody has asked how.
pid_t csubject_zombie(void);

/// Keeps its environment from being read.
pid_t csubject_hidden_environment(void);

/// Has an empty file system that can't be written for its root, by chroot, in a mount namespace of its own; its working
/// directory is the machine's root, or its own.
pid_t csubject_chrooted(const char *directory, int stays_outside);

/// Sits in a user namespace without maps, which `owner` owns.
pid_t csubject_unmapped(uid_t owner);

/// A process, and another that it depends on; both are the test's to end, but the one inside of `csubject_silent`.
struct csubject_pair {
  pid_t server;
  pid_t inside;
};

/// Has all of its memory in common with another process, the server, which isn't one of its threads.
struct csubject_pair csubject_shared_memory(void);

/// What another process of `csubject_relative` is like.
enum csubject_kinship {
  /// Its first thread has ended, and another has the memory.
  CSUBJECT_HEADLESS,
  /// Its first thread has descriptors of its own, and another has the process's.
  CSUBJECT_SPLIT,
  /// It ends all the time, and leaves the memory to a process that it made.
  CSUBJECT_HOPPING,
  /// It has left the descriptors to a process that it made, whenever it is looked at, and lives on.
  CSUBJECT_SHEDDING
};

/// Has its memory or its descriptors in common with a task of another process, the server where that is one alone.
struct csubject_pair csubject_relative(enum csubject_kinship kind);

/// Has many threads and many descriptors, all of `/dev/null`.
pid_t csubject_many(int threads, int descriptors);

/// Has an empty root that can't be written and is all of its mount namespace, and a second thread in another, whose root
/// is an empty directory among all that the machine has mounted.
pid_t csubject_divided_root(const char *directory);

/// Has a second thread of these ids alone, of which the first has none.
pid_t csubject_with_other_thread(uid_t user);

/// Has a filter that allows all, and memory that is writable and executable once its own thread was stopped.
pid_t csubject_changing(void);

/// Has two filters: one hands every call but `pause` to another process, the later one allows all.
pid_t csubject_supervised(void);

/// Serves a file system at a directory in a mount namespace of its own, and stops answering; a child of it has that for
/// its root, its working directory, and an open file.
struct csubject_pair csubject_silent(const char *directory);

/// Runs a command of the shell's that has one end of a socket pair of a type at descriptor 7, whose other end a server
/// has.
struct csubject_pair csubject_with_socket(int type, const char *command);

/// Runs a command of the shell's that has the device of a TAP or a macvtap at descriptor 7, without headers before its
/// frames.
pid_t csubject_with_tap(const char *path, const char *command);

/// The system calls that a start makes, and what an outer seccomp filter says to each of them.
///
/// It is C because some of it runs before the C library does: nothing is set up by then, and nothing is used that a
/// relocation would have to make right.
#ifndef BRIG_CCALLS_H
#define BRIG_CCALLS_H

#include <stdbool.h>

#pragma clang assume_nonnull begin

/// When a call is made, and when it is known what the kernel answers to the one that tries it.
enum ccalls_need {
  /// With a disk that is written, with a network, or by root only.
  ccalls_disk = 1, ccalls_network = 2, ccalls_root = 4,
  /// Only with CAP_SETGID is the kernel's answer that of the table, and where the user namespace allows it: its
  /// `gid_map` is written, and `/proc/PID/setgroups` isn't `deny` (`userns_may_setgroups` of kernel/user_namespace.c).
  ccalls_groups = 8,
  /// Only with CAP_SYS_ADMIN over the user namespace that the mount namespace belongs to it is, which that in a
  /// namespace further in doesn't give; without, the call counts as allowed or forbidden as the one before it in the
  /// table.
  ccalls_admin = 16,
  /// A kernel may have been built without it.
  ccalls_optional = 32,
  /// It isn't tried: it would change something, or what tries the others needs it.
  ccalls_untried = 64,
  /// It is tried, but what the kernel answers depends on the kernel.
  ccalls_unjudged = 128,
  /// The C library makes it before main, and nobody afterwards.
  ccalls_early = 256,
  /// With a prepared net namespace that is joined.
  ccalls_prepared = 512,
  /// What a start may have or not; a call that names several of these is made with any.
  ccalls_parts = ccalls_disk | ccalls_network | ccalls_prepared,
};

/// A call, and arguments for it that the kernel refuses or that change nothing.
struct ccalls_call {
  short number;
  /// The error number that the kernel answers, 0 for success.
  unsigned char error;
  unsigned short needs;
  int a;
  signed char b, c;
  char name[26];
};

/// How many there are.
unsigned ccalls_count(void);

/// The call at an index below the count.
const struct ccalls_call *ccalls_at(unsigned index);

/// Whether a start makes a call that hasn't what these needs stand for.
bool ccalls_is_made(const struct ccalls_call *call, unsigned skipped);

/// A call's name, or null for one that no start makes.
const char *_Nullable ccalls_name(int number);

/// What to do about calls that an outer filter forbids.
const char *ccalls_remedy(void);

/// Writes behind a line's beginning on standard error which calls an outer filter traps, and ends with status 1: the
/// one that was just trapped, then each other one that some start may make, which it finds out by trying them.
///
/// A handler of SIGSYS calls it, with that signal unblocked: each further call that is trapped comes back to the
/// handler, which hands it to `ccalls_trapped_again`.
///
/// - number: the trapped call.
/// - skipped: the needs that this start hasn't, whose calls aren't tried.
_Noreturn void ccalls_end(int number, unsigned skipped);

/// Whether a call was trapped while the calls are being tried, or is the one that is needed to say so.
///
/// - sealed: whether the tender's own filter is installed, under which nothing is tried.
bool ccalls_is_again(int number, bool sealed);

/// Goes on behind a call that was trapped while it was tried.
_Noreturn void ccalls_trapped_again(int number);

#pragma clang assume_nonnull end

#endif

// What the tests of the policy do in a child process, because the process that does it can't go on.
#pragma once
#include <linux/filter.h>
#include <seccomp.h>
#include <stdint.h>

/// A system call as a program of the tests makes it: the number as it goes into the register, and its arguments.
struct cchild_call {
  uint64_t number;
  uint64_t arguments[6];
};

/// Installs a filter in a child and makes each call there; `answers` gets each call's error number, 0 for success.
///
/// The filter must answer every call by an error, because one that it allows is really made.
/// Returns 0, or the error number of what the child could not do.
int cchild_make_calls(
    const struct sock_filter *program, unsigned short length, const struct cchild_call *calls, uint32_t count,
    int32_t *answers);

/// Compiles rules for one call by libseccomp in a child, which some sets of rules keep busy for ever.
///
/// `widths[i]` comparisons, one after another in `comparisons`, are rule i; foreign architectures and all else are killed.
/// Returns the number of instructions, -1 where libseccomp refused a rule, -2 where it took over `seconds`.
int cchild_compile(
    int call, const struct scmp_arg_cmp *comparisons, const uint32_t *widths, uint32_t rules, unsigned seconds,
    struct sock_filter *program, uint32_t capacity);

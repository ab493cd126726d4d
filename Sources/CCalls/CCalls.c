#include "CCalls.h"
#include "CLinux.h"

// No function has a stack protector: its canary isn't there yet before the C library.
#define EARLY __attribute__((no_stack_protector))

#define CALL(call, error, needs, a, b, c) {SYS_##call, error, needs, a, b, c, #call}
#define NAME(call) CALL(call, 0, ccalls_untried, 0, 0, 0)

static const struct ccalls_call calls[] = {
#include "StartCalls.h"
};

enum { count = sizeof calls / sizeof *calls };

unsigned ccalls_count(void) { return count; }

const struct ccalls_call *ccalls_at(unsigned index) { return &calls[index]; }

EARLY bool ccalls_is_made(const struct ccalls_call *call, unsigned skipped) {
  unsigned parts = call->needs & ccalls_parts;
  return (call->needs & ~ccalls_parts & skipped) == 0 && (parts == 0 || (parts & ~skipped) != 0);
}

EARLY const char *ccalls_name(int number) {
  for (unsigned index = 0; index < count; index++)
    if (calls[index].number == number) return calls[index].name;
  return NULL;
}

const char *ccalls_remedy(void) {
  return ": let it allow them (podman and docker: --security-opt seccomp=FILE or unconfined; systemd: SystemCallFilter=)";
}

// What is tried next; the call that was trapped first; which needs this start hasn't; where the stack was.
static struct { unsigned next, skipped; int first; bool trying, ended, dying; void *stack; } state;

EARLY static void say(const char *text) {
  long length = 0;
  while (text[length] != 0) length++;
  clinux_system_call(SYS_write, 2, (long)text, length, 0, 0, 0);
}

EARLY static void say_name(int number) {
  const char *name = ccalls_name(number);
  if (name != NULL) return say(name);
  char digits[12], *digit = digits + sizeof digits;
  *--digit = 0;
  unsigned rest = number;
  do *--digit = '0' + rest % 10; while ((rest /= 10) > 0);
  say("system call ");
  say(digit);
}

// Nobody is left to say anything: as if there were no handler.
EARLY _Noreturn static void die(int number) {
  static const long nothing[4];
  if (!state.dying) {
    state.dying = true;
    clinux_system_call(SYS_rt_sigaction, SIGSYS, (long)nothing, 0, sizeof *nothing, 0, 0);
    clinux_system_call(number, -1, 0, 0, 0, 0, 0);
  }
  __builtin_trap();
}

EARLY __attribute__((used)) _Noreturn static void go_on(void) {
  while (state.next < count) {
    const struct ccalls_call *call = &calls[state.next++];
    if (!ccalls_is_made(call, ccalls_untried | state.skipped) || call->number == state.first) continue;
    clinux_system_call(call->number, call->a, call->b, call->c, 0, 0, 0);
  }
  state.ended = true;
  say(ccalls_remedy());
  say("\n");
  clinux_system_call(SYS_exit_group, 1, 0, 0, 0, 0, 0);
  die(SYS_exit_group);
}

EARLY _Noreturn void ccalls_end(int number, unsigned skipped) {
  state.trying = true;
  state.first = number;
  state.skipped = skipped;
  state.stack = (void *)((unsigned long)__builtin_frame_address(0) & ~15ul);
  say_name(number);
  go_on();
}

// Who can't write has nothing to begin with; a sealed tender's write may be the guest's own.
EARLY bool ccalls_is_again(int number, bool sealed) { return state.trying || (number == SYS_write && !sealed); }

EARLY _Noreturn void ccalls_trapped_again(int number) {
  // These are the calls by which one says it.
  if (number == SYS_write || state.ended || state.dying) die(number);
  say(", ");
  say_name(number);
  // The frame of each signal would lie below the one before: a stack has no room for that many.
#if defined(__x86_64__)
  __asm__ __volatile__("mov %0, %%rsp\n\tcall go_on" : : "r"(state.stack) : "memory");
#else
  __asm__ __volatile__("mov sp, %0\n\tbl go_on" : : "r"(state.stack) : "memory");
#endif
  __builtin_unreachable();
}

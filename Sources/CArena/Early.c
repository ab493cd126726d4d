#define _GNU_SOURCE
#include "CArena.h"
#include "CCalls.h"
#include "CLinux.h"

#if defined(__x86_64__)
#include <asm/prctl.h>
#endif

// What comes before the C library, at the program's entry point.
//
// The environment is forgotten: nothing in it is obeyed, copied or left in memory. And what an outer seccomp filter
// traps of the C library's own calls, and of libcap's, gets a handler: a filter that traps one of them would end the
// tender without a word.
//
// Nothing is set up when this runs: system calls are made raw, no function has a stack protector, and nothing is used
// that a relocation would have to make right.
#define EARLY __attribute__((no_stack_protector))

// Before the C library's first instruction, where no address in data is relocated yet.
static bool begins;

EARLY __attribute__((used)) void say_trapped(int signal, siginfo_t *information, void *context) {
  (void)signal;
  (void)context;
  if (!clinux_is_trap(information)) return;
  int number = information->si_syscall;
  if (ccalls_is_again(number, false)) ccalls_trapped_again(number);
  // The C library sets the name before it runs constructors.
  const char *program = "";
  if (!begins) {
    // Not before it is known that its address is relocated.
    __asm__ __volatile__("" : : : "memory");
    program = program_invocation_short_name;
  }
  if (*program == 0) program = "brig-hvt";
  static const char beginning[] = ": an outer seccomp filter forbids ";
  long length = 0;
  while (program[length] != 0) length++;
  clinux_system_call(SYS_write, 2, (long)program, length, 0, 0, 0);
  clinux_system_call(SYS_write, 2, (long)beginning, sizeof beginning - 1, 0, 0, 0);
  ccalls_end(number, ccalls_prepared);
}

EARLY static void catch_trapped(void) {
  // By the program counter: an address in data isn't relocated yet.
  void *handler, *restorer = NULL;
  unsigned long flags = SA_SIGINFO | SA_NODEFER;
#if defined(__x86_64__)
  __asm__("lea say_trapped(%%rip), %0" : "=r"(handler));
  __asm__("lea clinux_restore_context(%%rip), %0" : "=r"(restorer));
  flags |= CLINUX_SA_RESTORER;
#else
  __asm__("adrp %0, say_trapped\n\tadd %0, %0, :lo12:say_trapped" : "=r"(handler));
#endif
  const struct clinux_action action = {(clinux_handler *)handler, flags, (void (*)(void))restorer, 0};
  while (clinux_system_call(SYS_rt_sigaction, SIGSYS, (long)&action, 0, sizeof action.mask, 0, 0) == -EINTR) continue;
  // What the launcher has blocked stays so when a program is executed, and a trap that is blocked kills.
  unsigned long trapped = 1ul << (SIGSYS - 1);
  while (clinux_system_call(SYS_rt_sigprocmask, SIG_UNBLOCK, (long)&trapped, 0, sizeof trapped, 0, 0) == -EINTR) continue;
}

// The stack of a program that begins (x86-64 psABI, 3.4.1; AArch64 has the same): the number of arguments, pointers to
// them, a null, pointers to the environment's strings, a null, and the auxiliary vector, pairs of which the last one's
// first is 0.
EARLY static unsigned long *forget_environment(unsigned long *stack) {
  unsigned long *environment = stack + stack[0] + 2, *vector = environment;
  for (; *vector != 0; vector++)
    for (volatile char *string = (char *)*vector; *string != 0; string++) *string = 0;
  if (vector++ == environment) return vector;
  *environment++ = 0;
  unsigned long *moved = environment;
  do {
    environment[0] = vector[0];
    environment[1] = vector[1];
    environment += 2;
    vector += 2;
  } while (environment[-2] != 0);
  for (volatile unsigned long *rest = environment; rest < vector; rest++) *rest = 0;
  return moved;
}

// What the kernel says of a program that gains privileges as it is executed (AT_SECURE of getauxval(3), set-user-ID):
// the C library would open files in place of standard descriptors that are closed, by further calls, and crash where it
// can't. The tender looks after these itself. It is root to whoever asks, if it is by one of the two ids.
EARLY static void forget_privileges(unsigned long *vector) {
  unsigned long *user = NULL, *effective = NULL, *group = NULL, *effective_group = NULL;
  for (; *vector != AT_NULL; vector += 2) {
    if (vector[0] == AT_SECURE) vector[1] = 0;
    if (vector[0] == AT_UID) user = vector + 1;
    if (vector[0] == AT_EUID) effective = vector + 1;
    if (vector[0] == AT_GID) group = vector + 1;
    if (vector[0] == AT_EGID) effective_group = vector + 1;
  }
  if (user != NULL && effective != NULL) {
    if (*user == 0) *effective = 0;
    *user = *effective;
  }
  if (group != NULL && effective_group != NULL) *group = *effective_group;
}

EARLY __attribute__((used)) void carena_begin(unsigned long *stack) {
  begins = true;
  catch_trapped();
  forget_privileges(forget_environment(stack));
  begins = false;
}

#if defined(__x86_64__)
// Sets the thread pointer (arch_prctl(2)) in place of musl's own function of this name, which musl calls before
// anything else: without a thread pointer it would crash, and nobody would know why.
EARLY int __set_thread_area(void *pointer) {
  if (clinux_repeated_short_call(SYS_arch_prctl, ARCH_SET_FS, (long)pointer, 0) == 0) return 0;
  static const char text[] = "brig-hvt: cannot start: arch_prctl: the thread pointer can't be set\n";
  clinux_system_call(SYS_write, 2, (long)text, sizeof text - 1, 0, 0, 0);
  clinux_system_call(SYS_exit_group, 1, 0, 0, 0, 0, 0);
  __builtin_trap();
}
#endif

// The entry point, which the linker is told of. What the C library's takes in a register is a dynamic linker's, and
// there is none.
#if defined(__x86_64__)
__asm__(".text\n.globl carena_start\n.type carena_start, %function\n"
        "carena_start:\n\t.cfi_startproc\n\t.cfi_undefined rip\n\txor %ebp, %ebp\n\tmov %rsp, %rdi\n\tcall carena_begin\n"
        "\txor %edx, %edx\n\tjmp _start\n\t.cfi_endproc\n");
#else
__asm__(".text\n.globl carena_start\n.type carena_start, %function\n"
        "carena_start:\n\t.cfi_startproc\n\t.cfi_undefined x30\n\tmov x29, #0\n\tmov x0, sp\n\tbl carena_begin\n"
        "\tmov x0, #0\n\tmov x30, #0\n\tb _start\n\t.cfi_endproc\n");
#endif

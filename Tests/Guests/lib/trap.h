/* Traps: a guest that asks for it prints them and halts with status 255, or tries an instruction and goes on. */
#ifndef GUEST_TRAP_H
#define GUEST_TRAP_H

#include "guest.h"

/* From here on a trap prints `trap N error E rip R address A` (aarch64: `trap esr S pc P address A`). */
void trap_install(void);

#if defined(__x86_64__)

extern volatile uint64_t trap_resume;
extern volatile int32_t trap_vector;

/* Runs one instruction: ATTEMPT("rdmsr", : outputs : inputs : clobbers). If it traps, the next one is reached all the
   same, and trap_vector, else -1, tells which trap it was. */
#define ATTEMPT(instruction, ...)                                                                                   \
  do {                                                                                                              \
    trap_vector = -1;                                                                                               \
    __asm__ volatile("movq $.Lresume%=, trap_resume(%%rip)\n\t" instruction                                         \
                     "\n.Lresume%=:\n\tmovq $0, trap_resume(%%rip)" __VA_ARGS__);                                   \
  } while (0)

/* "#GP" and the like. */
const char *trap_name(int32_t vector);

/* Reads and writes a model-specific register; false if that trapped. */
bool try_read_msr(uint32_t number, uint64_t *value);
bool try_write_msr(uint32_t number, uint64_t value);

/* Maps the 2 MiB around a guest-physical address, and the 2 MiB behind them, through page tables of the guest's own,
   uncached. The tender's stay in use for everything else. */
volatile void *map_physical(uint64_t address);

#endif
#endif

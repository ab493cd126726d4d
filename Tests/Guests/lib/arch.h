/* What differs between processors and is short enough to be inline; the rest is in start.S and trap.c. */
#ifndef GUEST_ARCH_H
#define GUEST_ARCH_H

#include <stdint.h>

#if defined(__x86_64__)

/* Makes hypercall `number` with a 32-bit guest-physical address that may be anything. */
static inline void hypercall_at(uint64_t number, uint64_t address) {
  __asm__ volatile("outl %0, %w1" : : "a"((uint32_t)address), "d"((uint16_t)(0x500 + number)) : "memory");
}

/* Stops the processor until an interrupt, of which there are none. */
static inline void wait_for_interrupt(void) { __asm__ volatile("hlt" : : : "memory"); }

/* The entry state of the registers, saved by start.S before anything else runs. */
struct entry_state {
  uint64_t rax, rbx, rcx, rdx, rsi, rdi, rbp, rsp, r8, r9, r10, r11, r12, r13, r14, r15, rflags;
};

#elif defined(__aarch64__)

static inline void hypercall_at(uint64_t number, uint64_t address) {
  __asm__ volatile("str %w0, [%1]" : : "r"((uint32_t)address), "r"(0x100000000 + (number << 3)) : "memory");
}

static inline void wait_for_interrupt(void) { __asm__ volatile("wfi" : : : "memory"); }

struct entry_state {
  uint64_t x[31], sp, nzcv, daif;
};

#else
#error "unsupported processor"
#endif

extern struct entry_state entry_state;

static inline void hypercall(uint64_t number, const volatile void *structure) {
  hypercall_at(number, (uintptr_t)structure);
}

/* Keeps an empty loop. */
static inline void pause_forever(void) {
  for (;;) __asm__ volatile("");
}

#endif

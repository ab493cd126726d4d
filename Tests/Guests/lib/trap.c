#include "trap.h"

static uint64_t cookie[COOKIE_SIZE / 8];

#if defined(__x86_64__)

volatile uint64_t trap_resume;
volatile int32_t trap_vector;

struct frame { uint64_t vector, error, rip, cs, rflags, rsp, ss; };
struct gate { uint64_t low, high; };
struct __attribute__((packed)) table { uint16_t limit; uint64_t base; };

extern char trap_stubs[];

/* Called by start.S. */
void trap_handle(struct frame *frame);

void trap_handle(struct frame *frame) {
  if (trap_resume != 0) {
    trap_vector = (int32_t)frame->vector;
    frame->rip = trap_resume;
    trap_resume = 0;
    return;
  }
  uint64_t address;
  __asm__ volatile("movq %%cr2, %0" : "=r"(address));
  say("trap %lu error %#lx rip %#lx address %#lx\n", frame->vector, frame->error, frame->rip, address);
  cookie[0] = address;
  memcpy(&cookie[1], &frame->error, 48);
  halt_with_cookie(STATUS_ABORT, cookie);
}

/* The tender's segment table is not mapped, so delivering a trap needs one of the guest's own, with equal entries. */
void trap_install(void) {
  static const uint64_t segments[3] = {0, 0x00af99000000ffff, 0x00cf93000000ffff};
  static struct gate gates[32];
  for (uint64_t vector = 0; vector < 32; vector++) {
    uint64_t stub = (uintptr_t)trap_stubs + 16 * vector;
    gates[vector].low = (stub & 0xffff) | 8 << 16 | 0x8eUL << 40 | (stub >> 16 & 0xffff) << 48;
    gates[vector].high = stub >> 32;
  }
  struct table table = {sizeof segments - 1, (uintptr_t)segments};
  __asm__ volatile("lgdt %0" : : "m"(table));
  table = (struct table){sizeof gates - 1, (uintptr_t)gates};
  __asm__ volatile("lidt %0" : : "m"(table));
}

const char *trap_name(int32_t vector) {
  switch (vector) {
  case -1: return "ok";
  case 6: return "#UD";
  case 13: return "#GP";
  case 14: return "#PF";
  default: return "#?";
  }
}

bool try_read_msr(uint32_t number, uint64_t *value) {
  uint32_t low = 0, high = 0;
  ATTEMPT("rdmsr", : "+a"(low), "+d"(high) : "c"(number) : "memory");
  *value = (uint64_t)high << 32 | low;
  return trap_vector == -1;
}

bool try_write_msr(uint32_t number, uint64_t value) {
  ATTEMPT("wrmsr", : : "a"((uint32_t)value), "d"((uint32_t)(value >> 32)), "c"(number) : "memory");
  return trap_vector == -1;
}

volatile void *map_physical(uint64_t address) {
  static uint64_t root[512] __attribute__((aligned(4096)));
  static uint64_t middle[512] __attribute__((aligned(4096)));
  static uint64_t leaf[512] __attribute__((aligned(4096)));
  root[0] = 0x3003; /* the tender's, for the first 512 GiB */
  root[1] = (uintptr_t)middle | 3;
  middle[0] = (uintptr_t)leaf | 3;
  leaf[0] = (address & ~0x1fffffUL) | 0x9b;
  leaf[1] = leaf[0] + 0x200000;
  __asm__ volatile("movq %0, %%cr3" : : "r"(root) : "memory");
  return (volatile void *)(0x8000000000UL + (address & 0x1fffff));
}

#elif defined(__aarch64__)

extern char trap_stubs[];

/* Called by start.S. */
_Noreturn void trap_handle(uint64_t syndrome, uint64_t pc, uint64_t address);

_Noreturn void trap_handle(uint64_t syndrome, uint64_t pc, uint64_t address) {
  say("trap esr %#lx pc %#lx address %#lx\n", syndrome, pc, address);
  cookie[0] = address;
  cookie[1] = syndrome;
  cookie[2] = pc;
  halt_with_cookie(STATUS_ABORT, cookie);
}

void trap_install(void) {
  __asm__ volatile("msr vbar_el1, %0\n\tisb" : : "r"(trap_stubs) : "memory");
}

#endif

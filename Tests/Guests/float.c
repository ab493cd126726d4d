/* Floating point and vectors, which a host that interprets guest code may not have. Prints `arithmetic`, `square root`,
   `vector` and `kept across hypercalls`, each with `ok` or what came out, or before all `interpreted` alone, where an
   integer instruction takes thousands of cycles. Status 0, else 1. */
#include "guest.h"

#if defined(__x86_64__)

static uint64_t cycles(void) {
  uint32_t low, high;
  __asm__ volatile("lfence\n\trdtsc" : "=a"(low), "=d"(high));
  return (uint64_t)high << 32 | low;
}

/* A thousand instructions take millions of cycles where they are interpreted one by one. */
static bool is_interpreted(void) {
  uint64_t least = UINT64_MAX;
  for (int32_t round = 0; round < 5; round++) {
    uint64_t begin = cycles();
    __asm__ volatile(".rept 500\n\taddq $1, %%rax\n\t.endr" : : : "rax");
    uint64_t took = cycles() - begin;
    if (took < least) least = took;
  }
  return least > 500 * 500;
}

/* Fills all vector registers with patterns, makes a WALLTIME, and stores them. */
static void across_hypercall(const uint64_t *before, uint64_t *after, volatile void *call) {
#define EACH(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15)
#define LOAD(n) "movups 16*" #n "(%0), %%xmm" #n "\n\t"
#define STORE(n) "movups %%xmm" #n ", 16*" #n "(%1)\n\t"
#define USED(n) "xmm" #n,
  __asm__ volatile(EACH(LOAD) "outl %2, %w3\n\t" EACH(STORE)
                   : : "r"(before), "r"(after), "a"((uint32_t)(uintptr_t)call), "d"(0x500 + WALLTIME)
                   : EACH(USED) "memory");
}
enum { REGISTERS = 16 };

#elif defined(__aarch64__)

static bool is_interpreted(void) { return false; }

static void across_hypercall(const uint64_t *before, uint64_t *after, volatile void *call) {
#define EACH(X)                                                                                                     \
  X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) X(16) X(17) X(18) X(19)     \
  X(20) X(21) X(22) X(23) X(24) X(25) X(26) X(27) X(28) X(29) X(30) X(31)
#define LOAD(n) "ldr q" #n ", [%0, #16*" #n "]\n\t"
#define STORE(n) "str q" #n ", [%1, #16*" #n "]\n\t"
#define USED(n) "v" #n,
  __asm__ volatile(EACH(LOAD) "str %w2, [%3]\n\t" EACH(STORE)
                   : : "r"(before), "r"(after), "r"(call), "r"(0x100000000 + (WALLTIME << 3))
                   : EACH(USED) "memory");
}
enum { REGISTERS = 32 };

#endif

static int32_t wrong;

static void check(const char *what, uint64_t got, uint64_t wanted) {
  if (got == wanted) {
    say("%s ok\n", what);
  } else {
    say("%s %#lx instead of %#lx\n", what, got, wanted);
    wrong = 1;
  }
}

static uint64_t bits(double value) {
  uint64_t result;
  memcpy(&result, &value, sizeof result);
  return result;
}

static double harmonic(uint64_t count) {
  volatile double sum = 0;
  for (uint64_t k = 1; k <= count; k++) sum = sum + 1.0 / (double)k;
  return sum;
}

typedef float four_floats __attribute__((vector_size(16)));

int32_t guest_main(void) {
  if (is_interpreted()) {
    say("interpreted\n");
    return 0;
  }
  check("arithmetic", bits(harmonic(200)), 0x4017831a8b7c3add);
  volatile double two = 2;
  check("square root", bits(__builtin_sqrt(two)), 0x3ff6a09e667f3bcd);
  volatile four_floats left = {1.5f, -2.25f, 1e10f, 0.125f}, right = {2, 4, 1e-10f, 8};
  four_floats product = left * right;
  check("vector", product[0] == 3 && product[1] == -9 && product[2] == 1 && product[3] == 1, 1);

  static uint64_t before[2 * REGISTERS], after[2 * REGISTERS];
  static volatile struct walltime_call call;
  for (uint64_t i = 0; i < 2 * REGISTERS; i++) before[i] = 0x9e3779b97f4a7c15 * (i + 1);
  across_hypercall(before, after, &call);
  check("kept across hypercalls", call.nsecs != 0 && memcmp(before, after, sizeof before) == 0, 1);
  return wrong;
}

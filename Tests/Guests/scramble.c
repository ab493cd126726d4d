/* `scramble SEED COUNT`: page tables of the guest's own, of which COUNT (200) entries are overwritten one after the other
   with what a seed (1) makes, while they are in use; after each some address is read and written. Prints `survived COUNT`,
   status 0; or whatever the tables lead to: a shutdown, an access to no memory, a translation fault, a trap. */
#include "trap.h"

enum { root, pointers, directory, leaf, count };
static uint64_t tables[count][512] __attribute__((aligned(4096)));

static uint64_t state;
static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

/* One to one, the first GiB, and everything writable: read-only memory is the host's affair. */
static void lay_out(void) {
  tables[root][0] = (uintptr_t)tables[pointers] | 3;
  tables[pointers][0] = (uintptr_t)tables[directory] | 3;
  for (uint64_t i = 0; i < 512; i++) {
    tables[directory][i] = i << 21 | 0x83;
    tables[leaf][i] = i << 12 | 3;
  }
  tables[directory][0] = (uintptr_t)tables[leaf] | 3;
}

static void use(void) { __asm__ volatile("movq %0, %%cr3" : : "r"(tables[root]) : "memory"); }

static uint64_t odd_entry(uint64_t old) {
  uint64_t memory = boot()->mem_size;
  switch (next() % 8) {
  case 0: return 0;
  case 1: return next();
  case 2: return old ^ 1UL << next() % 64;
  case 3: return (memory + (next() & 0xffff000)) | 3;                  /* no memory */
  case 4: return ((uintptr_t)tables[next() % count]) | 3;              /* a table */
  case 5: return (next() & 0xffffffffff000) | 0x83;                    /* large, perhaps misaligned */
  case 6: return (0x100000 + (next() & 0xf000)) | 7;                   /* text and constants */
  default: return old | 1UL << (52 + next() % 12);                     /* reserved or no-execute */
  }
}

int32_t guest_main(void) {
  uint64_t left = number(1, 200);
  state = number(0, 1) | 1UL << 63;
  trap_install();
  lay_out();
  use();
  say("scrambling\n");
  for (; left > 0; left--) {
    /* The leaves mostly, or it is over at once; never those of this very code. */
    uint64_t table = next() % 16 ? leaf : next() % count, index = next() % 512;
    if (table == leaf && index >= 0x100 && index < 0x140) index -= 0x80;
    uint64_t old = tables[table][index];
    tables[table][index] = odd_entry(old);
    use();
    volatile uint8_t *address = (volatile uint8_t *)(index << 12 | (next() & 0xfff));
    uint8_t value;
    ATTEMPT("movb %1, %0", : "=q"(value) : "m"(*address) : "memory");
    ATTEMPT("movb %1, %0", : "=m"(*address) : "q"((uint8_t)next()) : "memory");
    if (next() % 2) { tables[table][index] = old; use(); }
  }
  say("survived %lu\n", number(1, 200));
  return 0;
}

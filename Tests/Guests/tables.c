/* Prints the tender's segment table and page tables, read through a mapping of the guest's own: `gdt I 0x...`, then
   `T I..J 0x...` for each run of non-zero entries of table T that go up in equal steps (` step 0x...`). The bits that
   say "accessed" and "dirty" are left out. Status 0. */
#include "trap.h"

static void show_table(const char *name, const volatile uint64_t *raw) {
  uint64_t table[512];
  for (uint64_t i = 0; i < 512; i++) table[i] = raw[i] & ~0x60UL;
  for (uint64_t i = 0; i < 512; i++) {
    if (table[i] == 0) continue;
    uint64_t last = i, step = i < 511 && table[i + 1] != 0 ? table[i + 1] - table[i] : 0;
    while (last < 511 && table[last + 1] != 0 && table[last + 1] - table[last] == step) last++;
    if (last == i) say("%s %lu %#lx\n", name, i, table[i]);
    else say("%s %lu..%lu %#lx step %#lx\n", name, i, last, table[i], step);
    i = last;
  }
}

int32_t guest_main(void) {
  trap_install();
  const volatile uint64_t *low = map_physical(0);
  for (uint64_t i = 0; i < 3; i++) say("gdt %lu 0x%016lx\n", i, low[0x1000 / 8 + i]);
  show_table("pml4", low + 0x2000 / 8);
  show_table("pdpt", low + 0x3000 / 8);
  show_table("pd0", low + 0x4000 / 8);
  show_table("pd1", low + 0x5000 / 8);
  show_table("pd2", low + 0x6000 / 8);
  show_table("pd3", low + 0x7000 / 8);
  show_table("pt0", low + 0x8000 / 8);
  return 0;
}

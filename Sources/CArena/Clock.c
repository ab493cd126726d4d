#define _GNU_SOURCE
#include "CArena.h"
#include "CLinux.h"

#include <stdbool.h>

// The clock that the kernel lends every program (vDSO, vdso(7)), in place of musl's: musl doesn't find it where the
// kernel has hashed its names in GNU's way alone, as aarch64's has since Linux 6.10, and keeps its address where
// anybody may write.

typedef int clock_function(clockid_t clock, struct timespec *time);

// Called for each time that a guest asks for, so it lies among what carena_begin_main makes read-only.
__attribute__((section(".data.rel.ro"), visibility("hidden"))) clock_function *carena_clock;

static bool equal(const char *name, const char *other) { return strcmp(name, other) == 0; }

// How many names a library has: its table doesn't say (ELF gabi 08, "Hash Table"; GNU's has chains, of which each ends
// with an odd number).
static unsigned count(const unsigned *hash, const unsigned *gnu) {
  if (hash != NULL) return hash[1];
  if (gnu == NULL) return 0;
  const unsigned buckets = gnu[0], first = gnu[1], *bucket = gnu + 4 + gnu[2] * 2, *chains = bucket + buckets;
  unsigned last = 0;
  for (unsigned index = 0; index < buckets; index++)
    if (bucket[index] > last) last = bucket[index];
  if (last < first) return first;
  while ((chains[last - first] & 1) == 0) last++;
  return last + 1;
}

void carena_find_clock(void) {
  const char *library = (const char *)getauxval(AT_SYSINFO_EHDR);
  if (library == NULL) return;
  const Elf64_Ehdr *file = (const Elf64_Ehdr *)library;
  const Elf64_Phdr *header = (const Elf64_Phdr *)(library + file->e_phoff);
  const Elf64_Dyn *entry = NULL;
  const char *base = NULL;
  for (int index = 0; index < file->e_phnum; index++) {
    if (header[index].p_type == PT_LOAD && base == NULL) base = library + header[index].p_offset - header[index].p_vaddr;
    if (header[index].p_type == PT_DYNAMIC) entry = (const Elf64_Dyn *)(library + header[index].p_offset);
  }
  if (entry == NULL || base == NULL) return;
  const Elf64_Sym *symbols = NULL;
  const char *names = NULL;
  const unsigned *hash = NULL, *gnu = NULL;
  for (; entry->d_tag != DT_NULL; entry++) {
    const char *place = base + entry->d_un.d_ptr;
    if (entry->d_tag == DT_SYMTAB) symbols = (const Elf64_Sym *)place;
    if (entry->d_tag == DT_STRTAB) names = place;
    if (entry->d_tag == DT_HASH) hash = (const unsigned *)place;
    if (entry->d_tag == DT_GNU_HASH) gnu = (const unsigned *)place;
  }
  if (symbols == NULL || names == NULL) return;
  for (unsigned index = 0, behind = count(hash, gnu); index < behind; index++) {
    const char *name = names + symbols[index].st_name;
    if (symbols[index].st_shndx == SHN_UNDEF) continue;
    if (!equal(name, "__vdso_clock_gettime") && !equal(name, "__kernel_clock_gettime")) continue;
    carena_clock = (clock_function *)(base + symbols[index].st_value);
    return;
  }
}

/// Reads a clock (clock_gettime(2)), in user space wherever the kernel has one there.
int clock_gettime(clockid_t clock, struct timespec *time) {
  long result = carena_clock != NULL ? carena_clock(clock, time)
                                     : clinux_system_call(SYS_clock_gettime, clock, (long)time, 0, 0, 0, 0);
  return clinux_answer(result);
}

#define _GNU_SOURCE
#include "CArena.h"
#include "CLinux.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

// Address space; a page costs memory once it is touched. A guest without devices takes 0.1 MiB, one with 63 network
// devices 8 MiB, most of it for the filter's compilation.
static const size_t capacity = (size_t)32 << 20;
static const size_t alignment = 16;

// Each block has its size before it, so that realloc knows how much to copy, and the next one of the list that it is in
// once it is freed.
struct block {
  size_t size;
  struct block *next;
};

static char *start, *next, *end;
// Freed blocks: those of up to this size in a list for each multiple of the alignment, and larger ones in the first
// list. libseccomp copies what it has for every rule, and frees it again.
enum { listed = 1024 };
static struct block *freed[listed / 16 + 1];

static struct block **list(size_t size) { return &freed[size <= listed ? size / alignment : 0]; }

// Takes a block out of its list that is of this size, or at most twice as large.
static struct block *reused(size_t size) {
  for (struct block **place = list(size); *place != NULL; place = &(*place)->next) {
    struct block *block = *place;
    if (block->size < size || block->size > 2 * size) continue;
    *place = block->next;
    return block;
  }
  return NULL;
}
static int closed;

static _Noreturn void fail(const char *message) {
  // The C library allocates before it has set the name.
  const char *name = *program_invocation_short_name != 0 ? program_invocation_short_name : "brig-hvt";
  ssize_t ignored = write(2, name, strlen(name));
  ignored = write(2, message, strlen(message));
  (void)ignored;
  _exit(1);
}

// There is no way on without memory, and most callers have none for its lack.
static _Noreturn void full(void) { fail(": cannot start: Cannot allocate memory\n"); }

static void *allocate(size_t boundary, size_t size) {
  // An allocation in the run loop is a mistake of the program's, and no system call of malloc's would be allowed.
  if (closed) __builtin_trap();
  if (start == NULL) {
    void *pages;
    do pages = mmap(NULL, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    while (pages == MAP_FAILED && errno == EINTR);
    if (pages == MAP_FAILED) full();
    start = next = pages;
    end = start + capacity;
  }
  if (size > capacity || boundary > capacity) full();
  size = (size + alignment - 1) & ~(alignment - 1);
  if (size == 0) size = alignment;
  struct block *block = boundary == alignment ? reused(size) : NULL;
  if (block != NULL) return block + 1;
  uintptr_t place = ((uintptr_t)next + sizeof(struct block) + boundary - 1) & ~(uintptr_t)(boundary - 1);
  if (place + size > (uintptr_t)end) full();
  ((struct block *)place - 1)->size = size;
  next = (char *)(place + size);
  return (void *)place;
}

void *malloc(size_t size) { return allocate(alignment, size); }

// The newest block's room goes back, and that of others is used again. What is said of the newest block is cleared with
// it: a larger one may lie over that, once the block before it is given back too.
void free(void *pointer) {
  if (pointer == NULL || closed) return;
  struct block *block = (struct block *)pointer - 1;
  bool newest = (char *)pointer + block->size == next;
  memset(pointer, 0, block->size);
  if (newest) {
    memset(block, 0, sizeof *block);
    next = (char *)block;
  } else {
    block->next = *list(block->size);
    *list(block->size) = block;
  }
}

// Pages come zeroed, and free clears what it gives back.
void *calloc(size_t count, size_t size) {
  size_t total;
  if (__builtin_mul_overflow(count, size, &total)) full();
  return malloc(total);
}

void *realloc(void *pointer, size_t size) {
  if (pointer == NULL) return malloc(size);
  size_t old = ((struct block *)pointer - 1)->size;
  if (size <= old) return pointer;
  void *larger = memcpy(malloc(size), pointer, old);
  free(pointer);
  return larger;
}

void *aligned_alloc(size_t boundary, size_t size) {
  return allocate(boundary < alignment ? alignment : boundary, size);
}

void *memalign(size_t boundary, size_t size) { return aligned_alloc(boundary, size); }

int posix_memalign(void **result, size_t boundary, size_t size) {
  *result = aligned_alloc(boundary, size);
  return 0;
}

// The linker's own: where the program lies in memory, with its header and program headers (ELF, gabi 07).
extern const Elf64_Ehdr program __asm__("__ehdr_start") __attribute__((visibility("hidden")));

// A word that the kernel can write only as long as it isn't read-only.
__attribute__((section(".data.rel.ro"))) static volatile struct rlimit witness = {.rlim_cur = 1, .rlim_max = 1};

static void protect_relocated(void) {
  const Elf64_Phdr *headers = (const Elf64_Phdr *)((const char *)&program + program.e_phoff), *header = headers;
  while (header->p_type != PT_GNU_RELRO)
    if (++header == headers + program.e_phnum) return;
  // Up to the end of its last page, as Sources/Confinement/MemorySealing.swift seals it: the linker has aligned what
  // follows to the largest page that there is.
  uintptr_t page = getauxval(AT_PAGESZ), base = (uintptr_t)&program, place = base + header->p_vaddr;
  uintptr_t first = place & -page, behind = (place + header->p_memsz + page - 1) & -page;
  for (const Elf64_Phdr *other = headers; other < headers + program.e_phnum; other++)
    if (other->p_type == PT_LOAD && (other->p_flags & PF_W) != 0 && other->p_vaddr > header->p_vaddr && base + other->p_vaddr < behind)
      fail(": cannot start: this host's pages are larger than those that the program is linked for\n");
  if (clinux_repeated_short_call(SYS_mprotect, first, behind - first, PROT_READ) != 0)
    fail(": cannot start: mprotect: what is relocated can't be made read-only\n");
  // A filter may have answered. The kernel is asked to write there: no limit of the stack's is one byte.
  clinux_repeated_call(SYS_prlimit64, 0, RLIMIT_STACK, 0, (long)&witness, 0, 0);
  if (witness.rlim_cur != 1 || witness.rlim_max != 1)
    fail(": cannot start: mprotect: what is relocated stays writable: allow mprotect\n");
}

void carena_check_stack(void) {
  struct rlimit limit;
  if (clinux_repeated_call(SYS_prlimit64, 0, RLIMIT_STACK, 0, (long)&limit, 0, 0) == 0 && limit.rlim_cur < 128 << 10)
    fail(": cannot start: the stack may have less than 128 KiB: raise the limit (ulimit -s)\n");
}

void carena_allocate(void) { __asm__ __volatile__("" : : "r"(malloc(1)) : "memory"); }

size_t malloc_usable_size(void *pointer) {
  return pointer == NULL ? 0 : ((struct block *)pointer - 1)->size;
}

// Clears what functions that have returned left on the stack below the caller's frame: its next `depth` bytes.
static void __attribute__((noinline)) clear_stack(unsigned depth) {
  char below[depth];
  memset(below, 0, depth);
  __asm__ __volatile__("" : : "r"(below) : "memory");
}

void carena_begin_main(void) {
  // The C library's own frames are less deep.
  clear_stack(4 << 10);
  carena_find_clock();
  protect_relocated();
}

void carena_close(void) {
  closed = 1;
  // The pages may stay: the kernel has no room to split a mapping that it has merged with another, or an outer filter
  // answers the call without making it. What was in them doesn't.
  if (start != NULL) {
    memset(start, 0, next - start);
    __asm__ __volatile__("" : : "r"(start) : "memory");
    munmap(start, capacity);
    start = next = end = NULL;
    memset(freed, 0, sizeof freed);
  }
  // The frames of the start are less deep than this.
  clear_stack(48 << 10);
}

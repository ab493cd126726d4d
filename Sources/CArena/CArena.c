#define _GNU_SOURCE
#include "CArena.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

// Address space; a page costs memory once it is touched. Sixty-three network devices take 8 MiB.
static const size_t capacity = (size_t)256 << 20;
static const size_t alignment = 16;

// Each block has its size before it, so that realloc knows how much to copy.
struct block {
  size_t size;
  size_t padding;
};

static char *start, *next, *end;
static int closed;

static void *allocate(size_t boundary, size_t size) {
  if (closed) __builtin_trap();
  if (start == NULL) {
    void *pages = mmap(NULL, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (pages == MAP_FAILED) return NULL;
    start = next = pages;
    end = start + capacity;
  }
  if (size > capacity || boundary > capacity) goto full;
  uintptr_t place = ((uintptr_t)next + sizeof(struct block) + boundary - 1) & ~(uintptr_t)(boundary - 1);
  if (place + size > (uintptr_t)end) goto full;
  ((struct block *)place - 1)->size = size;
  next = (char *)((place + size + alignment - 1) & ~(uintptr_t)(alignment - 1));
  return (void *)place;
full:
  errno = ENOMEM;
  return NULL;
}

void *malloc(size_t size) { return allocate(alignment, size); }

// Only the newest block's room is used again: a start is short, and its garbage goes with the arena.
void free(void *pointer) {
  if (pointer == NULL || closed) return;
  struct block *block = (struct block *)pointer - 1;
  if ((char *)pointer + ((block->size + alignment - 1) & ~(alignment - 1)) != next) return;
  memset(pointer, 0, block->size);
  next = (char *)block;
}

// Pages come zeroed, and free clears what it gives back.
void *calloc(size_t count, size_t size) {
  size_t total;
  if (__builtin_mul_overflow(count, size, &total)) {
    errno = ENOMEM;
    return NULL;
  }
  return malloc(total);
}

void *realloc(void *pointer, size_t size) {
  if (pointer == NULL) return malloc(size);
  size_t old = ((struct block *)pointer - 1)->size;
  if (size <= old) return pointer;
  void *larger = malloc(size);
  if (larger != NULL) memcpy(larger, pointer, old);
  return larger;
}

void *aligned_alloc(size_t boundary, size_t size) {
  return allocate(boundary < alignment ? alignment : boundary, size);
}

void *memalign(size_t boundary, size_t size) { return aligned_alloc(boundary, size); }

int posix_memalign(void **result, size_t boundary, size_t size) {
  void *pointer = aligned_alloc(boundary, size);
  if (pointer == NULL) return ENOMEM;
  *result = pointer;
  return 0;
}

size_t malloc_usable_size(void *pointer) {
  return pointer == NULL ? 0 : ((struct block *)pointer - 1)->size;
}

// What functions that have returned left on the stack. The frames of the start are less deep than this.
static void __attribute__((noinline)) clear_stack(void) {
  char below[48 << 10];
  memset(below, 0, sizeof below);
  __asm__ __volatile__("" : : "r"(below) : "memory");
}

void carena_close(void) {
  closed = 1;
  if (start != NULL) munmap(start, capacity);
  clear_stack();
}

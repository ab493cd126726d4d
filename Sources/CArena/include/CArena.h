/// The memory that the tender allocates from while it starts, in place of the C library's heap.
///
/// All of it goes back to the kernel in one call before the guest runs: whatever was in it, paths and
/// arguments among it, is gone, and an allocation after that ends the process. So nothing that a guest
/// mustn't see is left behind, and the run loop can't allocate.
#ifndef BRIG_CARENA_H
#define BRIG_CARENA_H

/// Ends with a line where the stack has less room than the start takes.
void carena_check_stack(void);

/// Begins `main`, or ends with a line: clears what the C library left on the stack below the caller's frame, finds the
/// kernel's clock, and makes read-only what is relocated or set once at the start (PT_GNU_RELRO).
///
/// musl makes that read-only in programs with a dynamic linker only.
void carena_begin_main(void);

/// Finds the kernel's clock for user space, which `clock_gettime` reads from then on.
void carena_find_clock(void);

/// Unmaps the arena and clears the stack below the caller's frame.
void carena_close(void);

/// Allocates a byte, for the tests' probe.
void carena_allocate(void);

#endif

/// What the probe needs of the processor: system calls through its other interface, and addresses of its own.
#ifndef BRIG_CPROBE_H
#define BRIG_CPROBE_H

#pragma clang assume_nonnull begin

/// Whether this processor has a second interface for system calls, `int 0x80`, and that can be tried.
int cprobe_has_i386(void);

/// Makes a system call of the 32-bit interface with six words, of which the kernel takes the low halves.
long cprobe_i386(long number, const long *words);

/// An address in the caller's stack, with room on both sides.
unsigned long cprobe_stack(void);

/// An address in the program's own code.
unsigned long cprobe_code(void);

#pragma clang assume_nonnull end

#endif

/// libFuzzer's driver (compiler-rt/include/fuzzer/FuzzerInterface in LLVM), which has no header of its own here.
#ifndef BRIG_CFUZZER_H
#define BRIG_CFUZZER_H

#include <stddef.h>
#include <stdint.h>

/// Runs what the command line asks for, each time with other bytes; returns the exit status.
int LLVMFuzzerRunDriver(int *count, char ***arguments, int (*run)(const uint8_t *bytes, size_t count));

#endif

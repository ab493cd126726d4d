// System calls by name, all that the C compiler knows of this processor's: the Makefile asks it.
#pragma once

#include "common.h"
#include <asm/unistd.h>

#define CALL(name) {#name, __NR_##name}
static const struct {
  const char *name;
  int number;
} calls[] = {
#include "calls.table"
};

static inline bool has_call(const char *name) {
  for (size_t index = 0; index < sizeof calls / sizeof *calls; index++)
    if (strcmp(calls[index].name, name) == 0) return true;
  return false;
}

// The number of a call given by name or number.
static inline unsigned long call_number(const char *name) {
  for (size_t index = 0; index < sizeof calls / sizeof *calls; index++)
    if (strcmp(calls[index].name, name) == 0) return calls[index].number;
  return number(name);
}

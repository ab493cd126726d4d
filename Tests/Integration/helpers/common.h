// What every helper needs: an end with a message, and numbers from the command line.
#pragma once

#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Status of a helper that could not do its work, apart from any status that a test expects.
enum { trouble = 99 };

// The result of a call that must not fail.
#define must(call)                                  \
  ({                                                \
    __auto_type result_ = (call);                   \
    if ((long)result_ < 0) err(trouble, "%s", #call); \
    result_;                                        \
  })

// A number in decimal, or in hexadecimal with 0x.
static inline unsigned long number(const char *text) {
  char *end;
  errno = 0;
  unsigned long value = strtoul(text, &end, 0);
  if (errno != 0 || end == text || *end != 0) errx(trouble, "not a number: %s", text);
  return value;
}

// What follows NAME= in an option, null if the option is another.
static inline const char *value_of(const char *option, const char *name) {
  size_t length = strlen(name);
  return strncmp(option, name, length) == 0 && option[length] == '=' ? option + length + 1 : NULL;
}

#include "guest.h"

#include <stdarg.h>

static const struct boot_info *boot_info;

const struct boot_info *boot(void) { return boot_info; }

/* Called by start.S. */
_Noreturn void guest_start(const struct boot_info *info) {
  boot_info = info;
  halt(guest_main());
}

_Noreturn void halt_with_cookie(int32_t status, const void *cookie) {
  put_flush();
  volatile struct halt_call call = {(uintptr_t)cookie, status};
  hypercall(HALT, &call);
  pause_forever();
  __builtin_unreachable();
}

_Noreturn void halt(int32_t status) { halt_with_cookie(status, 0); }

/* Console */

static char line[256];
static uint64_t line_length;

void put_flush(void) {
  if (line_length == 0) return;
  uint64_t length = line_length;
  line_length = 0;
  puts_raw(line, length);
}

static void put_byte(char byte) {
  line[line_length++] = byte;
  if (byte == '\n' || line_length == sizeof line) put_flush();
}

void put_bytes(const void *bytes, uint64_t count) {
  for (const char *byte = bytes; count > 0; count--) put_byte(*byte++);
}

void put_text(const char *text) {
  while (*text) put_byte(*text++);
}

void put_number(uint64_t value, uint32_t base, uint32_t width) {
  char digits[64];
  uint32_t count = 0;
  do {
    digits[count++] = "0123456789abcdef"[value % base];
    value /= base;
  } while (value > 0 || count < width);
  while (count > 0) put_byte(digits[--count]);
}

void put_signed(int64_t value) {
  if (value < 0) put_byte('-');
  put_number(value < 0 ? -(uint64_t)value : (uint64_t)value, 10, 0);
}

void say(const char *format, ...) {
  va_list list;
  va_start(list, format);
  for (; *format; format++) {
    if (*format != '%') {
      put_byte(*format);
      continue;
    }
    bool wide = false, prefix = false;
    uint32_t width = 0;
    for (format++; *format == 'l' || *format == '#' || (*format >= '0' && *format <= '9'); format++) {
      if (*format == 'l') wide = true;
      else if (*format == '#') prefix = true;
      else width = width * 10 + (uint32_t)(*format - '0');
    }
    switch (*format) {
    case 's': put_text(va_arg(list, const char *)); break;
    case 'c': put_byte((char)va_arg(list, int)); break;
    case 'd': put_signed(wide ? va_arg(list, long) : va_arg(list, int)); break;
    default:
      if (prefix) put_text("0x");
      put_number(wide ? va_arg(list, unsigned long) : va_arg(list, unsigned), *format == 'x' ? 16 : 10, width);
    }
  }
  va_end(list);
}

/* Command line */

const char *command_line(void) { return (const char *)boot_info->cmdline; }

static const char *skip(const char *text, bool blanks) {
  while (*text && (*text == ' ') == blanks) text++;
  return text;
}

const char *argument(uint32_t index) {
  const char *word = skip(command_line(), true);
  for (; index > 0; index--) word = skip(skip(word, false), true);
  return word;
}

bool argument_is(uint32_t index, const char *text) {
  const char *word = argument(index);
  while (*text && *word == *text) word++, text++;
  return *text == 0 && (*word == 0 || *word == ' ');
}

static uint32_t digit(char byte) {
  if (byte >= '0' && byte <= '9') return (uint32_t)(byte - '0');
  if (byte >= 'a' && byte <= 'f') return (uint32_t)(byte - 'a' + 10);
  if (byte >= 'A' && byte <= 'F') return (uint32_t)(byte - 'A' + 10);
  return 16;
}

uint64_t number(uint32_t index, uint64_t fallback) {
  const char *word = argument(index);
  bool negative = *word == '-';
  if (negative) word++;
  uint32_t base = 10;
  if (word[0] == '0' && (word[1] == 'x' || word[1] == 'X')) {
    base = 16;
    word += 2;
  }
  if (digit(*word) >= base) return fallback;
  uint64_t value = 0;
  for (; digit(*word) < base; word++) value = value * base + digit(*word);
  if (*word != 0 && *word != ' ') return fallback;
  return negative ? -value : value;
}

/* Manifest */

const struct manifest *manifest(void) { return (const struct manifest *)boot_info->mft; }

const struct device *device_at(uint64_t handle) { return &manifest()->devices[handle]; }

uint64_t device_named(const char *name) {
  for (uint64_t handle = 1; handle < manifest()->entries; handle++) {
    const char *left = device_at(handle)->name, *right = name;
    while (*left && *left == *right) left++, right++;
    if (*left == *right) return handle;
  }
  return 0;
}

/* Memory */

extern char image_end[];
enum { PAGE = 4096, STACK = 16 * PAGE };

static uint64_t scratch_next;

/* kernel_end leaves out a segment that is not in the file; the linker's own end does not. */
static uint64_t scratch_start(void) {
  uint64_t end = (uintptr_t)image_end;
  if (end < boot_info->kernel_end) end = boot_info->kernel_end;
  return (end + PAGE - 1) & ~(uint64_t)(PAGE - 1);
}

uint64_t scratch_left(void) {
  if (scratch_next == 0) scratch_next = scratch_start();
  uint64_t limit = boot_info->mem_size - STACK;
  return scratch_next < limit ? limit - scratch_next : 0;
}

void *scratch(uint64_t size) {
  if (size > scratch_left()) {
    say("out of memory: %lu wanted, %lu left\n", size, scratch_left());
    halt(1);
  }
  void *result = (void *)scratch_next;
  scratch_next += (size + PAGE - 1) & ~(uint64_t)(PAGE - 1);
  return result;
}

void *memcpy(void *to, const void *from, size_t count) {
#if defined(__x86_64__)
  void *result = to;
  __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
  return result;
#else
  for (size_t i = 0; i < count; i++) ((char *)to)[i] = ((const char *)from)[i];
  return to;
#endif
}

void *memmove(void *to, const void *from, size_t count) {
  if ((uintptr_t)to <= (uintptr_t)from) return memcpy(to, from, count);
  while (count-- > 0) ((char *)to)[count] = ((const char *)from)[count];
  return to;
}

void *memset(void *to, int byte, size_t count) {
#if defined(__x86_64__)
  void *result = to;
  __asm__ volatile("rep stosb" : "+D"(to), "+c"(count) : "a"(byte) : "memory");
  return result;
#else
  for (size_t i = 0; i < count; i++) ((char *)to)[i] = (char)byte;
  return to;
#endif
}

int memcmp(const void *left, const void *right, size_t count) {
  for (size_t i = 0; i < count; i++) {
    int difference = ((const unsigned char *)left)[i] - ((const unsigned char *)right)[i];
    if (difference != 0) return difference;
  }
  return 0;
}

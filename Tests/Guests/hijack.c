/* `hijack call NUMBER [WORD]...`   makes the probe's process do a system call: `returned N`
   `hijack dump`                    prints the probe's memory: ranges of addresses are read from the disk, as text
                                    `START END` in hexadecimal, one a line, as soon as the first block has some
   `hijack send WORD COUNT`         sends so many bytes of the probe's memory as a frame: `sent R`
   `hijack fill`                    writes to every page of its memory: `filled N pages`, then sleeps

   A unikernel whose hypercalls have given it the tender: brig-probe --hijack has three hypercalls more. With brig-hvt
   the first that it makes ends it: `Invalid guest port access: port=0x510`.
   WORD is a number, a name of what the probe has open or mapped (NAME, NAME+N, NAME-N), or =TEXT for the address of a
   text. Disk `storage` and network `service`. */
#include "guest.h"

enum { SYSTEM_CALL = 15, VALUES, COPY };

/* The words of the three are in the last page. */
static volatile uint64_t *page(void) { return (volatile uint64_t *)(boot()->mem_size - 4096); }

static const char *const names[] = {
    "vcpu", "disk", "tap", "memory", "memory_size", "message", "time", "timeout", "polled", "register", "stack", "code",
    "last_offset", "run_area",
};
enum { NAMES = sizeof names / sizeof *names };
static uint64_t values[NAMES];

static bool name_is(const char *word, const char *name, const char **rest) {
  while (*name && *word == *name) word++, name++;
  *rest = word;
  return *name == 0 && (*word == 0 || *word == ' ' || *word == '+' || *word == '-');
}

/* A number at a place in the command line, ended by a blank. */
static uint64_t number_at(const char *text) {
  uint64_t value = 0, base = 10;
  if (text[0] == '0' && text[1] == 'x') {
    base = 16;
    text += 2;
  }
  for (; *text && *text != ' '; text++) {
    uint64_t digit = (uint64_t)(*text <= '9' ? *text - '0' : *text - 'a' + 10);
    if (digit >= base) {
      say("not a number: %s\n", text);
      halt(2);
    }
    value = value * base + digit;
  }
  return value;
}

static uint64_t address_of_text(const char *text) {
  char *copy = scratch(4096);
  for (uint64_t i = 0; text[i] && text[i] != ' ' && i < 4095; i++) copy[i] = text[i];
  return values[3] + (uintptr_t)copy;
}

static uint64_t word(uint32_t index) {
  const char *text = argument(index), *rest;
  if (*text == 0) return 0;
  if (*text == '=') return address_of_text(text + 1);
  if (*text == '-') return -number_at(text + 1);
  for (uint32_t i = 0; i < NAMES; i++) {
    if (!name_is(text, names[i], &rest)) continue;
    if (*rest == '+') return values[i] + number_at(rest + 1);
    return *rest == '-' ? values[i] - number_at(rest + 1) : values[i];
  }
  return number_at(text);
}

static int32_t call(void) {
  for (uint32_t i = 0; i < 7; i++) page()[i] = word(i + 1);
  hypercall_at(SYSTEM_CALL, 0);
  say("returned %ld\n", page()[7]);
  return 0;
}

static bool copy(uint64_t source, uint64_t count, void *to) {
  page()[0] = source;
  page()[1] = count;
  page()[2] = (uintptr_t)to;
  hypercall_at(COPY, 0);
  return page()[7] == 0;
}

/* A number in hexadecimal digits without a prefix; the place moves on behind it and one more byte. */
static uint64_t hexadecimal(const char **text) {
  uint64_t value = 0;
  for (; **text && **text != ' ' && **text != '\n'; ++*text)
    value = value * 16 + (uint64_t)(**text <= '9' ? **text - '0' : **text - 'a' + 10);
  if (**text) ++*text;
  return value;
}

static int32_t dump(void) {
  enum { LIST = 16384, PIECE = 1 << 16 };
  char *list = scratch(LIST), *piece = scratch(PIECE);
  uint64_t storage = device_named("storage"), total = 0;
  while (list[0] == 0) {
    poll(10000000);
    if (block_read(storage, 0, list, LIST) != RESULT_OK) return 1;
  }
  list[LIST - 1] = 0;
  const char *next = list;
  while (*next) {
    uint64_t start = hexadecimal(&next), end = hexadecimal(&next);
    for (; start < end; start += PIECE) {
      uint64_t count = end - start < PIECE ? end - start : PIECE;
      if (!copy(start, count, piece)) return 1;
      puts_raw(piece, count);
      total += count;
    }
  }
  say("\ndumped %lu bytes\n", total);
  return 0;
}

static int32_t send(void) {
  enum { HEADER = 14 };
  uint8_t *frame = scratch(2048);
  uint64_t count = word(2);
  memset(frame, 0xff, 6);
  memcpy(frame + 6, device_at(device_named("service"))->net.mac, 6);
  frame[12] = 0x88;
  frame[13] = 0xb5;
  if (count > 1500 || !copy(word(1), count, frame + HEADER)) return 1;
  say("sent %d\n", net_write(device_named("service"), frame, HEADER + count));
  return 0;
}

static int32_t fill(void) {
  uint64_t count = scratch_left() / 4096;
  volatile char *bytes = scratch(count * 4096);
  for (uint64_t i = 0; i < count; i++) bytes[i * 4096] = 1;
  say("filled %lu pages\n", count);
  poll(100000000000);
  return 0;
}

int32_t guest_main(void) {
  hypercall_at(VALUES, 0);
  for (uint32_t i = 0; i < NAMES; i++) values[i] = page()[i];
  if (argument_is(0, "call")) return call();
  if (argument_is(0, "dump")) return dump();
  if (argument_is(0, "send")) return send();
  if (argument_is(0, "fill")) return fill();
  say("usage: hijack call|dump|send|fill\n");
  return 1;
}

/* `pointer CALL WHERE [LENGTH]`: one hypercall with its structure, or its buffer, at an odd place.

   CALL   walltime puts poll block_write block_read net_write net_read halt: the structure;
          puts.data block_write.data block_read.data net_write.data net_read.data halt.cookie: the buffer
   WHERE  zero, low (0x500), pagetable (0x2000), bootinfo (0x10000), text (read-only), rodata, data (a good place);
          endexact: ends with the last byte of memory; end-1: begins with it; end: begins after it;
          beyond: 64 KiB after it; huge: 4 GiB less 64 KiB, for a buffer 2^40; wrap: ends after 2^32, for a buffer
          after 2^64; odd: no multiple of anything; page: half of it in each of two pages; into-text: begins before the
          read-only text; out-of-rodata: begins in constants and ends in data; or a number
   LENGTH of the buffer (512); the structure of a device call is otherwise a good one where it can be written

   `pointer-all` has a disk `storage` and a network `service`; in `pointer` device calls have a bad handle.
   Prints `returned R`, with the result code if the call has one and it can be read, and status 0; HALT ends with
   status 7. A tender reports memory outside of the guest's, status 1. */
#include "trap.h"

enum { BUFFER = 512 };

static const struct { const char *name; uint8_t call, size, result; bool data; } calls[] = {
  {"walltime", WALLTIME, sizeof(struct walltime_call), 0, false},
  {"puts", PUTS, sizeof(struct puts_call), 0, false},
  {"poll", POLL, sizeof(struct poll_call), offsetof(struct poll_call, ret), false},
  {"block_write", BLOCK_WRITE, sizeof(struct block_call), offsetof(struct block_call, ret), false},
  {"block_read", BLOCK_READ, sizeof(struct block_call), offsetof(struct block_call, ret), false},
  {"net_write", NET_WRITE, sizeof(struct net_call), offsetof(struct net_call, ret), false},
  {"net_read", NET_READ, sizeof(struct net_call), offsetof(struct net_call, ret), false},
  {"halt", HALT, sizeof(struct halt_call), 0, false},
  {"puts.data", PUTS, sizeof(struct puts_call), 0, true},
  {"block_write.data", BLOCK_WRITE, sizeof(struct block_call), offsetof(struct block_call, ret), true},
  {"block_read.data", BLOCK_READ, sizeof(struct block_call), offsetof(struct block_call, ret), true},
  {"net_write.data", NET_WRITE, sizeof(struct net_call), offsetof(struct net_call, ret), true},
  {"net_read.data", NET_READ, sizeof(struct net_call), offsetof(struct net_call, ret), true},
  {"halt.cookie", HALT, sizeof(struct halt_call), 0, true},
};

static const uint64_t constants[BUFFER / 8] = {1};
static uint64_t data[BUFFER / 8], good[8];
static uint8_t pages[3 * 4096];
/* The first byte behind the constants, the last of which share its page with nothing. */
static char first_data[8] __attribute__((section(".data"), aligned(4096))) = {1};

/* Where `size` bytes go, and whether the guest itself can write there. */
static uint64_t place(uint64_t size, bool is_data, bool *writable) {
  uint64_t memory = boot()->mem_size;
  uintptr_t page = ((uintptr_t)pages + 4095) & ~(uintptr_t)4095;
  *writable = argument_is(1, "endexact") || argument_is(1, "data") || argument_is(1, "odd") || argument_is(1, "page");
  if (argument_is(1, "odd")) return page + 3;
  if (argument_is(1, "page")) return page + 4096 - size / 2;
  if (argument_is(1, "into-text")) return 0x100000 - size / 2;
  if (argument_is(1, "out-of-rodata")) return (uintptr_t)first_data - size / 2;
  if (argument_is(1, "zero")) return 0;
  if (argument_is(1, "low")) return 0x500;
  if (argument_is(1, "pagetable")) return 0x2000;
  if (argument_is(1, "bootinfo")) return 0x10000;
  if (argument_is(1, "text")) return (uintptr_t)guest_main;
  if (argument_is(1, "rodata")) return (uintptr_t)constants;
  if (argument_is(1, "data")) return (uintptr_t)data;
  if (argument_is(1, "endexact")) return memory - size;
  if (argument_is(1, "end-1")) return memory - 1;
  if (argument_is(1, "end")) return memory;
  if (argument_is(1, "beyond")) return memory + 0x10000;
  if (argument_is(1, "huge")) return is_data ? 1UL << 40 : 0xffff0000;
  if (argument_is(1, "wrap")) return is_data ? -(size - 1) : 0x100000000 - (size - 1);
  return number(1, 0);
}

int32_t guest_main(void) {
  uint64_t index = 0, count = sizeof calls / sizeof *calls;
  while (index < count && !argument_is(0, calls[index].name)) index++;
  if (index == count) {
    say("usage: pointer CALL WHERE [LENGTH]\n");
    return 1;
  }
  trap_install();
  memset(data, '.', BUFFER - 1);
  ((char *)data)[BUFFER - 1] = '\n';

  uint64_t length = number(2, calls[index].call == HALT ? COOKIE_SIZE : BUFFER);
  bool writable = true;
  uint64_t address = (uintptr_t)good, buffer = (uintptr_t)data;
  if (calls[index].data) {
    bool buffer_writable;
    buffer = place(length, true, &buffer_writable);
    if (buffer_writable && argument_is(1, "endexact")) memcpy((void *)buffer, data, length < BUFFER ? length : BUFFER);
  } else {
    address = place(calls[index].size, false, &writable);
  }

  uint64_t words[5] = {0};
  switch (calls[index].call) {
  case PUTS: words[0] = buffer; words[1] = length; break;
  case BLOCK_WRITE:
  case BLOCK_READ: words[0] = device_named("storage"); words[2] = buffer; words[3] = length; break;
  case NET_WRITE:
  case NET_READ: words[0] = device_named("service"); words[1] = buffer; words[2] = length; break;
  case HALT: words[0] = calls[index].data ? buffer : 0; words[1] = 7; break;
  }
  if (writable) memcpy((void *)address, words, calls[index].size);
  if (calls[index].result != 0 && writable) *(volatile int32_t *)(address + calls[index].result) = -1;
  hypercall_at(calls[index].call, address);
  if (calls[index].result != 0 && writable) say("returned %d\n", *(volatile int32_t *)(address + calls[index].result));
  else say("returned\n");
  return 0;
}

/* `overlap CALL`: a hypercall whose buffer lies over its own structure. A tender that copies the structure once is not
   confused by what it writes there, nor by what it reads from there. The first line is `at ADDRESS`, the structure's.

   puts         prints the structure itself: 16 bytes, its own address and 16
   halt         the cookie begins at the structure; status 7
   block_write  writes the structure as the first 40 bytes of a block: `ret 0`, then its five words as the disk has
                them, the last of them -1, the result code before the call
   block_read   reads a block of the words 0x1111..., 0x2222... over the structure: `ret 0`, then six words: those from
                the disk, but for the result code 0 in the lower half of the fifth
   net_write    sends the structure's 32 bytes as a frame: `ret 0`, then its words
   net_read     reads a frame over the structure: `ret R`, then its words
   `overlap-all` has the disk `storage` and the network `service` that the last four need. */
#include "guest.h"

/* The structure begins the buffer. */
static uint64_t words[512 / 8];

static void show(int32_t result, uint64_t count) {
  say("ret %d\n", result);
  for (uint64_t i = 0; i < count; i++) say("word %lu %#lx\n", i, *(volatile uint64_t *)&words[i]);
}

/* The result code is in the lower half of the word at `index`. */
static int32_t result(uint64_t index) { return *(volatile int32_t *)&words[index]; }

int32_t guest_main(void) {
  uint64_t storage = device_named("storage"), service = device_named("service"), here = (uintptr_t)words;
  say("at %#lx\n", here);
  if (argument_is(0, "puts")) {
    *(struct puts_call *)words = (struct puts_call){here, 16};
    hypercall(PUTS, words);
  } else if (argument_is(0, "halt")) {
    *(struct halt_call *)words = (struct halt_call){here, 7};
    hypercall(HALT, words);
  } else if (argument_is(0, "block_write")) {
    *(struct block_call *)words = (struct block_call){storage, 0, here, 512, -1};
    hypercall(BLOCK_WRITE, words);
    int32_t written = result(4);
    block_read(storage, 0, words, 512);
    show(written, 5);
  } else if (argument_is(0, "block_read")) {
    for (uint64_t i = 0; i < 64; i++) words[i] = 0x1111111111111111 * (i % 15 + 1);
    block_write(storage, 0, words, 512);
    *(struct block_call *)words = (struct block_call){storage, 0, here, 512, -1};
    hypercall(BLOCK_READ, words);
    show(result(4), 6);
  } else if (argument_is(0, "net_write")) {
    *(struct net_call *)words = (struct net_call){service, here, 32, -1};
    hypercall(NET_WRITE, words);
    show(result(3), 4);
  } else if (argument_is(0, "net_read")) {
    *(struct net_call *)words = (struct net_call){service, here, 512, -1};
    hypercall(NET_READ, words);
    show(result(3), 4);
  } else {
    say("usage: overlap CALL\n");
    return 1;
  }
  return 0;
}

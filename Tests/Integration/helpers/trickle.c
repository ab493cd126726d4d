// trickle SIZE PIECE [DELAY]
//
// Copies standard input, a pipe that is made as small as SIZE, to standard output in pieces of an odd size and with a
// delay in microseconds after each: a slow reader, which makes the writer's calls partial ones.
#include "common.h"
#include <stdbool.h>

// Makes standard input that small, unless it holds more than that: its writer may have been first.
static bool shrink(int size) {
  if (fcntl(0, F_SETPIPE_SZ, size) >= 0) return true;
  if (errno != EBUSY) err(trouble, "F_SETPIPE_SZ");
  return false;
}

int main(int count, char **arguments) {
  if (count < 3) errx(trouble, "usage: trickle SIZE PIECE [DELAY]");
  bool small = shrink((int)number(arguments[1]));
  size_t piece = number(arguments[2]);
  char *bytes = malloc(piece);
  for (ssize_t got; (got = must(read(0, bytes, piece))) > 0;) {
    for (ssize_t put = 0; put < got;) put += must(write(1, bytes + put, got - put));
    if (!small) small = shrink((int)number(arguments[1]));
    if (count > 3) usleep(number(arguments[3]));
  }
}

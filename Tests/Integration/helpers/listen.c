// listen COMMAND [ARG]...
//
// Listens at an abstract Unix socket whose name is two zero bytes, in this network namespace, prints `listening`, and executes a
// command, which keeps it: an address that can be written down without a zero byte, and by a length of 5 means that name.
#include "common.h"
#include <sys/socket.h>
#include <sys/un.h>

int main(int count, char **arguments) {
  if (count < 2) errx(trouble, "usage: listen COMMAND [ARG]...");
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int listener = must(socket(AF_UNIX, SOCK_STREAM, 0));
  must(bind(listener, (struct sockaddr *)&address, 5));
  must(listen(listener, 64));
  must(dprintf(1, "listening\n"));
  execvp(arguments[1], arguments + 1);
  err(trouble, "%s", arguments[1]);
}

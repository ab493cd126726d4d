// listen [--channels] COMMAND [ARG]...
//
// Listens at an abstract Unix socket whose name is two zero bytes, in this network namespace, prints `listening`, and executes a
// command, which keeps it: an address that can be written down without a zero byte, and by a length of 5 means that name.
//
// With --channels it listens as well where else a neighbour in a network namespace can be met: at port 5 of NETLINK_USERSOCK, and at port
// 5 of AF_VSOCK where the kernel has that.
#include "common.h"
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <sys/socket.h>
#include <sys/un.h>

enum { port = 5 };

static void open_channels(void) {
  int users = must(socket(AF_NETLINK, SOCK_DGRAM, NETLINK_USERSOCK));
  must(bind(users, (struct sockaddr *)&(struct sockaddr_nl){.nl_family = AF_NETLINK, .nl_pid = port}, sizeof(struct sockaddr_nl)));
  int machines = socket(AF_VSOCK, SOCK_STREAM, 0);
  if (machines < 0) return;
  struct sockaddr_vm address = {.svm_family = AF_VSOCK, .svm_port = port, .svm_cid = VMADDR_CID_ANY};
  must(bind(machines, (struct sockaddr *)&address, sizeof address));
  must(listen(machines, 64));
}

int main(int count, char **arguments) {
  int next = 1;
  if (next < count && strcmp(arguments[next], "--channels") == 0) {
    open_channels();
    next++;
  }
  if (next >= count) errx(trouble, "usage: listen [--channels] COMMAND [ARG]...");
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int listener = must(socket(AF_UNIX, SOCK_STREAM, 0));
  must(bind(listener, (struct sockaddr *)&address, 5));
  must(listen(listener, 64));
  must(dprintf(1, "listening\n"));
  execvp(arguments[next], arguments + next);
  err(trouble, "%s", arguments[next]);
}

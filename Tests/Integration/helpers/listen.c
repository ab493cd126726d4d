// listen [--channels] COMMAND [ARG]...
//
// Listens at an abstract Unix socket whose name is two zero bytes, in this network namespace, prints `listening`, and executes a
// command, which keeps it: an address that can be written down without a zero byte, and by a length of 5 means that name.
//
// With --channels it listens as well where else a neighbour in a network namespace can be met: at port 5 of NETLINK_USERSOCK, and at port
// 5125 of AF_VSOCK where the kernel has that. Behind `listening` stands `diag` where the kernel tells of Unix sockets (sock_diag(7)).
#include "common.h"
// Older kernel headers use the types of this one without asking for it.
#include <sys/socket.h>
#include <sys/un.h>

#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <linux/vm_sockets.h>

// Those of machines are reserved up to 1023.
enum { port = 5, machine_port = 5125 };

static void open_channels(void) {
  int users = must(socket(AF_NETLINK, SOCK_DGRAM, NETLINK_USERSOCK));
  must(bind(users, (struct sockaddr *)&(struct sockaddr_nl){.nl_family = AF_NETLINK, .nl_pid = port}, sizeof(struct sockaddr_nl)));
  int machines = socket(AF_VSOCK, SOCK_STREAM, 0);
  if (machines < 0) return;
  struct sockaddr_vm address = {.svm_family = AF_VSOCK, .svm_port = machine_port, .svm_cid = VMADDR_CID_ANY};
  must(bind(machines, (struct sockaddr *)&address, sizeof address));
  must(listen(machines, 64));
}

static bool has_diagnosis(void) {
  struct { struct nlmsghdr header; struct unix_diag_req request; } question = {
      {sizeof question, SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST | NLM_F_DUMP, 1, 0}, {.sdiag_family = AF_UNIX, .udiag_states = -1}};
  union { struct nlmsghdr header; char bytes[1 << 15]; } answer;
  int diagnosis = socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG);
  bool told = diagnosis >= 0 && send(diagnosis, &question, sizeof question, 0) > 0
    && recv(diagnosis, &answer, sizeof answer, MSG_DONTWAIT) > 0 && answer.header.nlmsg_type != NLMSG_ERROR;
  if (diagnosis >= 0) close(diagnosis);
  return told;
}

int main(int count, char **arguments) {
  int next = 1;
  bool has_channels = false;
  if (next < count && strcmp(arguments[next], "--channels") == 0) {
    open_channels();
    has_channels = true;
    next++;
  }
  if (next >= count) errx(trouble, "usage: listen [--channels] COMMAND [ARG]...");
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int listener = must(socket(AF_UNIX, SOCK_STREAM, 0));
  must(bind(listener, (struct sockaddr *)&address, 5));
  must(listen(listener, 64));
  must(dprintf(1, has_channels && has_diagnosis() ? "listening diag\n" : "listening\n"));
  execvp(arguments[next], arguments + next);
  err(trouble, "%s", arguments[next]);
}

// capture INTERFACE TYPE     prints what the next frame of an Ethernet type carries, without its header
//
// Says `listening` on standard error once no frame can be missed. Status 1 when none came within a minute.
#include "common.h"
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>

int main(int count, char **arguments) {
  if (count != 3) errx(trouble, "usage: capture INTERFACE TYPE");
  unsigned short type = htons(number(arguments[2]));
  int wire = must(socket(AF_PACKET, SOCK_DGRAM, type));
  struct sockaddr_ll place = {.sll_family = AF_PACKET, .sll_protocol = type, .sll_ifindex = if_nametoindex(arguments[1])};
  must(bind(wire, (struct sockaddr *)&place, sizeof place));
  fprintf(stderr, "listening\n");
  if (must(poll(&(struct pollfd){.fd = wire, .events = POLLIN}, 1, 60000)) == 0) return 1;
  static unsigned char bytes[65536];
  must(write(1, bytes, must(recv(wire, bytes, sizeof bytes, 0))));
}

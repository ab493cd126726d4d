// frames INTERFACE ping ADDRESS COUNT SIZE   ICMP echo with SIZE bytes of payload, COUNT times
// frames INTERFACE udp ADDRESS COUNT SIZE    UDP echo on a port that changes with each
//
// Speaks Ethernet on an interface of the current network namespace: finds the peer by ARP, keeps up to four requests in
// flight, and checks every byte of every answer. Prints `answered COUNT`; anything lost or altered is a failure, status 1.
// An answer is lost after five seconds, times SLOWNESS and PATIENCE.
#include "common.h"
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

enum { window = 4, largest = 65536 };

static int wire, patience = 5000;
static unsigned char own[6], peer[6];
static unsigned char own_address[4], peer_address[4];

static void put16(unsigned char *place, unsigned value) { place[0] = value >> 8; place[1] = value; }
static unsigned get16(const unsigned char *place) { return place[0] << 8 | place[1]; }

static unsigned sum16(const unsigned char *bytes, size_t count, unsigned sum) {
  for (size_t index = 0; index < count; index++) sum += index & 1 ? bytes[index] : bytes[index] << 8;
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return sum;
}

static void start_frame(unsigned char *frame, const unsigned char *to, unsigned type) {
  memcpy(frame, to, 6);
  memcpy(frame + 6, own, 6);
  put16(frame + 12, type);
}

static void send_frame(const unsigned char *frame, size_t size) {
  if (must(send(wire, frame, size, 0)) != (ssize_t)size) errx(trouble, "frame cut");
}

// The next frame for us; 0 when none came within so many milliseconds.
static size_t receive(unsigned char *frame, int milliseconds) {
  for (;;) {
    if (must(poll(&(struct pollfd){.fd = wire, .events = POLLIN}, 1, milliseconds)) == 0) return 0;
    struct sockaddr_ll from;
    socklen_t length = sizeof from;
    ssize_t got = must(recvfrom(wire, frame, largest, 0, (struct sockaddr *)&from, &length));
    if (from.sll_pkttype != PACKET_OUTGOING && memcmp(frame, own, 6) == 0) return got;
  }
}

static void resolve(void) {
  static unsigned char frame[largest];
  const unsigned char everybody[6] = {255, 255, 255, 255, 255, 255};
  start_frame(frame, everybody, ETH_P_ARP);
  const unsigned char head[8] = {0, 1, 8, 0, 6, 4, 0, 1};
  memcpy(frame + 14, head, 8);
  memcpy(frame + 22, own, 6);
  memcpy(frame + 28, own_address, 4);
  memset(frame + 32, 0, 6);
  memcpy(frame + 38, peer_address, 4);
  // A single question has gone unanswered on a busy machine: as everybody does, ask again.
  static unsigned char answer[largest];
  for (int waited = 0; waited < patience; waited += 200) {
    send_frame(frame, 42);
    while (receive(answer, 200) >= 42)
      if (get16(answer + 12) == ETH_P_ARP && get16(answer + 20) == 2 && memcmp(answer + 28, peer_address, 4) == 0) {
        memcpy(peer, answer + 22, 6);
        return;
      }
  }
  errx(1, "no answer to ARP");
}

// Bytes that depend on place and number, so that a swap or a shift shows.
static unsigned char pattern(unsigned sequence, size_t index) { return (sequence * 131 + index * 7 + (index >> 8)) & 0xff; }

static unsigned port_of(unsigned sequence) { return 7 + sequence % 5000; }

static size_t request(unsigned char *frame, bool udp, unsigned sequence, size_t size) {
  size_t total = 20 + 8 + size;
  unsigned char *ip = frame + 14, *body = ip + 20;
  start_frame(frame, peer, ETH_P_IP);
  memset(ip, 0, 28);
  ip[0] = 0x45;
  put16(ip + 2, total);
  ip[8] = 64;
  ip[9] = udp ? 17 : 1;
  memcpy(ip + 12, own_address, 4);
  memcpy(ip + 16, peer_address, 4);
  put16(ip + 10, ~sum16(ip, 20, 0));
  for (size_t index = 0; index < size; index++) body[8 + index] = pattern(sequence, index);
  if (udp) {
    put16(body, 40000);
    put16(body + 2, port_of(sequence));
    put16(body + 4, 8 + size);
  } else {
    body[0] = 8;
    put16(body + 4, 0xb219);
    put16(body + 6, sequence);
    put16(body + 2, ~sum16(body, 8 + size, 0));
  }
  return 14 + total;
}

// Whether a frame is the right answer to request number `sequence`; a wrong one ends the program.
static void check(const unsigned char *frame, size_t got, bool udp, unsigned sequence, size_t size) {
  const unsigned char *ip = frame + 14, *body = ip + 20;
  if (got < 14 + 28 + size || get16(ip + 2) != 28 + size) errx(1, "answer %u has the wrong size", sequence);
  if (sum16(ip, 20, 0) != 0xffff) errx(1, "answer %u: IP checksum", sequence);
  if (memcmp(ip + 12, peer_address, 4) != 0) errx(1, "answer %u from another", sequence);
  if (udp) {
    if (get16(body) != port_of(sequence) || get16(body + 2) != 40000) errx(1, "answer %u: ports", sequence);
  } else {
    if (body[0] != 0 || get16(body + 6) != (sequence & 0xffff)) errx(1, "answer %u: not the echo", sequence);
    if (sum16(body, 8 + size, 0) != 0xffff) errx(1, "answer %u: ICMP checksum", sequence);
  }
  for (size_t index = 0; index < size; index++)
    if (body[8 + index] != pattern(sequence, index)) errx(1, "answer %u: byte %zu altered", sequence, index);
}

int main(int count, char **arguments) {
  if (count != 6) errx(trouble, "usage: frames INTERFACE ping|udp ADDRESS COUNT SIZE");
  const char *slowness = getenv("SLOWNESS"), *others = getenv("PATIENCE");
  if (slowness != NULL) patience *= number(slowness);
  if (others != NULL) patience *= number(others);
  bool udp = strcmp(arguments[2], "udp") == 0;
  unsigned wanted = number(arguments[4]);
  size_t size = number(arguments[5]);
  if (inet_pton(AF_INET, arguments[3], peer_address) != 1) errx(trouble, "not an address: %s", arguments[3]);
  memcpy(own_address, peer_address, 4);
  own_address[3] ^= 0x80;

  wire = must(socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)));
  struct ifreq query = {0};
  strncpy(query.ifr_name, arguments[1], IFNAMSIZ - 1);
  must(ioctl(wire, SIOCGIFHWADDR, &query));
  memcpy(own, query.ifr_hwaddr.sa_data, 6);
  struct sockaddr_ll place = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = if_nametoindex(arguments[1])};
  must(bind(wire, (struct sockaddr *)&place, sizeof place));

  static unsigned char frame[largest];
  resolve();
  unsigned sent = 0, answered = 0;
  while (answered < wanted) {
    for (; sent < wanted && sent < answered + window; sent++) send_frame(frame, request(frame, udp, sent, size));
    size_t got = receive(frame, patience);
    if (got == 0) errx(1, "lost: %u of %u answered", answered, wanted);
    if (get16(frame + 12) != ETH_P_IP) continue;
    check(frame, got, udp, answered, size);
    answered++;
  }
  printf("answered %u\n", answered);
}

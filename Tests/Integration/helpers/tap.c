// tap add NAME [MTU [OWNER]]   makes a TAP interface that stays, for everybody or a user's own, and brings it up
// tap up|down NAME             changes its state
// tap delete NAME              deletes it, whoever is attached
// tap leave-offloads NAME      switches its offloads on, and leaves it so
// tap offloads NAME            prints which are on
//
// Works in the current network namespace, without any other program.
#include "common.h"
#include <arpa/inet.h>
#include <linux/if.h>
#include <linux/ethtool.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <linux/rtnetlink.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

static struct ifreq request_for(const char *name) {
  struct ifreq request = {0};
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  return request;
}

static void set_up(const char *name, bool up) {
  int socket_ = must(socket(AF_INET, SOCK_DGRAM, 0));
  struct ifreq request = request_for(name);
  must(ioctl(socket_, SIOCGIFFLAGS, &request));
  request.ifr_flags = up ? request.ifr_flags | IFF_UP : request.ifr_flags & ~IFF_UP;
  must(ioctl(socket_, SIOCSIFFLAGS, &request));
  close(socket_);
}

static void add(const char *name, int mtu, int owner) {
  // Router solicitations of IPv6 would be frames that no test sent.
  int quiet = open("/proc/sys/net/ipv6/conf/default/disable_ipv6", O_WRONLY);
  if (quiet >= 0) (void)!write(quiet, "1", 1);
  int tap = must(open("/dev/net/tun", O_RDWR));
  struct ifreq request = request_for(name);
  request.ifr_flags = IFF_TAP | IFF_NO_PI;
  must(ioctl(tap, TUNSETIFF, &request));
  if (owner >= 0) must(ioctl(tap, TUNSETOWNER, owner));
  must(ioctl(tap, TUNSETPERSIST, 1));
  close(tap);
  if (mtu > 0) {
    int socket_ = must(socket(AF_INET, SOCK_DGRAM, 0));
    request = request_for(name);
    request.ifr_mtu = mtu;
    must(ioctl(socket_, SIOCSIFMTU, &request));
    close(socket_);
  }
  set_up(name, true);
}

static void delete(const char *name) {
  struct {
    struct nlmsghdr header;
    struct ifinfomsg interface;
    struct rtattr attribute;
    char name[IFNAMSIZ];
  } message = {
      .header = {.nlmsg_len = sizeof message, .nlmsg_type = RTM_DELLINK, .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK},
      .attribute = {.rta_type = IFLA_IFNAME, .rta_len = RTA_LENGTH(IFNAMSIZ)},
  };
  strncpy(message.name, name, IFNAMSIZ - 1);
  int socket_ = must(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
  must(send(socket_, &message, sizeof message, 0));
  struct { struct nlmsghdr header; struct nlmsgerr error; char rest[1024]; } reply;
  must(recv(socket_, &reply, sizeof reply, 0));
  errno = -reply.error.error;
  if (errno != 0) err(trouble, "delete %s", name);
}

// As a program does that leaves offloads on for whoever attaches next.
static void leave_offloads(const char *name) {
  int tap = must(open("/dev/net/tun", O_RDWR));
  struct ifreq request = request_for(name);
  request.ifr_flags = IFF_TAP | IFF_NO_PI;
  must(ioctl(tap, TUNSETIFF, &request));
  must(ioctl(tap, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6));
  close(tap);
}

// Prints which offloads an interface has on.
static void print_offloads(const char *name) {
  static const struct { const char *name; unsigned command; } kinds[] = {{"checksum", ETHTOOL_GTXCSUM}, {"segmentation", ETHTOOL_GTSO}};
  int socket_ = must(socket(AF_INET, SOCK_DGRAM, 0));
  for (size_t index = 0; index < sizeof kinds / sizeof *kinds; index++) {
    struct ethtool_value value = {.cmd = kinds[index].command};
    struct ifreq request = request_for(name);
    request.ifr_data = (char *)&value;
    must(ioctl(socket_, SIOCETHTOOL, &request));
    if (value.data != 0) puts(kinds[index].name);
  }
  close(socket_);
}

int main(int count, char **arguments) {
  if (count < 3) errx(trouble, "usage: tap add|up|down|delete NAME [MTU]");
  const char *name = arguments[2];
  if (strcmp(arguments[1], "add") == 0) add(name, count > 3 ? (int)number(arguments[3]) : 0, count > 4 ? (int)number(arguments[4]) : -1);
  else if (strcmp(arguments[1], "up") == 0) set_up(name, true);
  else if (strcmp(arguments[1], "down") == 0) set_up(name, false);
  else if (strcmp(arguments[1], "delete") == 0) delete(name);
  else if (strcmp(arguments[1], "leave-offloads") == 0) leave_offloads(name);
  else if (strcmp(arguments[1], "offloads") == 0) print_offloads(name);
  else errx(trouble, "unknown request: %s", arguments[1]);
}

/* The guest library: the hvt ABI, and the little that the test guests share. */
#ifndef GUEST_H
#define GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arch.h"

#pragma clang assume_nonnull begin

/* The hvt ABI, version 2 */

enum { WALLTIME = 1, PUTS, POLL, BLOCK_WRITE, BLOCK_READ, NET_WRITE, NET_READ, HALT };
enum { RESULT_OK, RESULT_AGAIN, RESULT_EINVAL, RESULT_EUNSPEC };
enum { DEVICE_BLOCK = 1, DEVICE_NET = 2, DEVICE_RESERVED = 1 << 30 };
enum { COOKIE_SIZE = 512, STATUS_ABORT = 255 };

struct boot_info {
  uint64_t mem_size, kernel_end, cpu_cycle_freq, cmdline, mft;
  uint32_t host_features, guest_features;
  uint64_t net_ring;
};

struct device {
  char name[68];
  uint32_t type;
  union {
    struct {
      uint64_t capacity;
      uint16_t block_size;
    } block;
    struct {
      uint8_t mac[6];
      uint16_t mtu;
    } net;
  };
  uint64_t hostfd;
  uint8_t attached;
};

struct manifest {
  uint32_t version, entries;
  struct device devices[];
};

struct walltime_call { uint64_t nsecs; };
struct puts_call { uint64_t data, len; };
struct poll_call { uint64_t timeout_nsecs, ready_set; int32_t ret; };
struct block_call { uint64_t handle, offset, data, len; int32_t ret; };
struct net_call { uint64_t handle, data, len; int32_t ret; };
struct halt_call { uint64_t cookie; int32_t exit_status; };

_Static_assert(sizeof(struct boot_info) == 56, "boot_info");
_Static_assert(sizeof(struct device) == 104, "manifest entry");
_Static_assert(offsetof(struct device, block) == 72 && offsetof(struct device, hostfd) == 88, "manifest entry");
_Static_assert(sizeof(struct block_call) == 40 && sizeof(struct net_call) == 32, "device calls");
_Static_assert(sizeof(struct poll_call) == 24 && sizeof(struct halt_call) == 16, "other calls");

/* What each guest defines; its result is the exit status. */
int32_t guest_main(void);

/* What the tender passed. Start-up leaves the last page of memory unused: guests put structures there. */
const struct boot_info *boot(void);

/* Hypercalls */

_Noreturn void halt(int32_t status);
_Noreturn void halt_with_cookie(int32_t status, const void *_Nullable cookie);

static inline uint64_t walltime(void) {
  volatile struct walltime_call call = {0};
  hypercall(WALLTIME, &call);
  return call.nsecs;
}

static inline void puts_raw(const void *data, uint64_t len) {
  volatile struct puts_call call = {(uintptr_t)data, len};
  hypercall(PUTS, &call);
}

static inline struct poll_call poll(uint64_t timeout_nsecs) {
  volatile struct poll_call call = {timeout_nsecs, 0, -1};
  hypercall(POLL, &call);
  return (struct poll_call){call.timeout_nsecs, call.ready_set, call.ret};
}

static inline int32_t block_write(uint64_t handle, uint64_t offset, const void *data, uint64_t len) {
  volatile struct block_call call = {handle, offset, (uintptr_t)data, len, -1};
  hypercall(BLOCK_WRITE, &call);
  return call.ret;
}

static inline int32_t block_read(uint64_t handle, uint64_t offset, void *data, uint64_t len) {
  volatile struct block_call call = {handle, offset, (uintptr_t)data, len, -1};
  hypercall(BLOCK_READ, &call);
  return call.ret;
}

static inline int32_t net_write(uint64_t handle, const void *frame, uint64_t len) {
  volatile struct net_call call = {handle, (uintptr_t)frame, len, -1};
  hypercall(NET_WRITE, &call);
  return call.ret;
}

/* `*len` is the room for a frame, and becomes the frame's length. */
static inline int32_t net_read(uint64_t handle, void *frame, uint64_t *len) {
  volatile struct net_call call = {handle, (uintptr_t)frame, *len, -1};
  hypercall(NET_READ, &call);
  *len = call.len;
  return call.ret;
}

/* Console: one PUTS for each line; what is left goes out at the halt. */

void put_bytes(const void *bytes, uint64_t count);
void put_text(const char *text);
void put_number(uint64_t value, uint32_t base, uint32_t width);
void put_signed(int64_t value);
void put_flush(void);

/* printf with %s %c %d %u %x, the modifiers l, # and a zero-padded width. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Command line: words between blanks, counted from 0; a missing word is empty. */

const char *command_line(void);
const char *argument(uint32_t index);
bool argument_is(uint32_t index, const char *text);

/* A decimal or 0x number, perhaps with a minus; the fallback if the word is none. */
uint64_t number(uint32_t index, uint64_t fallback);

/* Manifest: a device's handle is its index; 0, which is never a device, if there is none of that name. */

const struct manifest *manifest(void);
const struct device *device_at(uint64_t handle);
uint64_t device_named(const char *name);

/* Memory between the image and the stack: zeroed, page-aligned, never given back. */
void *scratch(uint64_t size);
uint64_t scratch_left(void);

void *memcpy(void *to, const void *from, size_t count);
void *memmove(void *to, const void *from, size_t count);
void *memset(void *to, int byte, size_t count);
int memcmp(const void *left, const void *right, size_t count);

#pragma clang assume_nonnull end

#endif

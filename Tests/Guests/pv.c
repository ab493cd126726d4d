/* Turns on each paravirtual feature of KVM and Hyper-V by its register, and looks whether KVM then writes to the
   guest's memory: prints `NAME #GP`, or `NAME written`, ` memory changed` if so. Status 0. */
#include "trap.h"

static const struct { const char *name; uint32_t msr, flags; } features[] = {
  {"wall-clock-old", 0x11, 0},
  {"system-time-old", 0x12, 1},
  {"wall-clock", 0x4b564d00, 0},
  {"system-time", 0x4b564d01, 1},
  {"async-page-fault", 0x4b564d02, 1},
  {"steal-time", 0x4b564d03, 1},
  {"end-of-interrupt", 0x4b564d04, 1},
  {"poll-control", 0x4b564d05, 0},
  {"async-page-fault-vector", 0x4b564d06, 0},
  {"async-page-fault-ack", 0x4b564d07, 0},
  {"migration-control", 0x4b564d08, 0},
  {"hyperv-guest-os", 0x40000000, 1},
  {"hyperv-hypercall-page", 0x40000001, 1},
  {"hyperv-reference-tsc", 0x40000021, 1},
};

int32_t guest_main(void) {
  trap_install();
  for (uint64_t i = 0; i < sizeof features / sizeof *features; i++) {
    uint64_t *page = scratch(4096);
    if (!try_write_msr(features[i].msr, (uintptr_t)page | features[i].flags)) {
      say("%s %s\n", features[i].name, trap_name(trap_vector));
      continue;
    }
    walltime(); /* an exit, after which KVM updates what it shares */
    uint64_t changed = 0;
    for (uint64_t word = 0; word < 512; word++) changed |= ((volatile uint64_t *)page)[word];
    say("%s written%s\n", features[i].name, changed ? " memory changed" : "");
  }
  return 0;
}

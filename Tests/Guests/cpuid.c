/* Prints every CPUID leaf, `0xLEAF.SUBLEAF EAX EBX ECX EDX` in hexadecimal: the basic ones, the hypervisor's from
   0x40000000 and the extended ones; further subleaves as long as they say something new. `cpuid all` asks for each of 256
   leaves from every such start on, with subleaves that are and aren't there, and prints `asked N`. Status 0. */
#include "guest.h"

struct leaf { uint32_t a, b, c, d; };

static struct leaf cpuid(uint32_t number, uint32_t sub) {
  struct leaf leaf;
  __asm__ volatile("cpuid" : "=a"(leaf.a), "=b"(leaf.b), "=c"(leaf.c), "=d"(leaf.d) : "a"(number), "c"(sub));
  return leaf;
}

static void show_range(uint32_t first, uint32_t last) {
  for (uint32_t number = first; number - first <= last - first; number++) {
    struct leaf leaf = cpuid(number, 0);
    for (uint32_t sub = 0; sub < 64; sub++) {
      if (sub > 0) {
        struct leaf next = cpuid(number, sub);
        bool none = (next.a | next.b | next.d) == 0;
        if (number == 0xd && none) continue; /* this one has gaps */
        if (none || memcmp(&next, &leaf, sizeof leaf) == 0) break;
        leaf = next;
      }
      say("%#x.%x %08x %08x %08x %08x\n", number, sub, leaf.a, leaf.b, leaf.c, leaf.d);
    }
  }
}

static void ask_all(void) {
  static const uint32_t starts[] = {0, 0x20000000, 0x40000000, 0x40000100, 0x80000000, 0x8fffff00, 0xc0000000, 0xffffff00};
  static const uint32_t subs[] = {0, 1, 2, 63, 0x80000000, 0xffffffff};
  uint64_t asked = 0;
  for (uint64_t i = 0; i < sizeof starts / sizeof *starts; i++)
    for (uint32_t number = 0; number < 256; number++)
      for (uint64_t j = 0; j < sizeof subs / sizeof *subs; j++, asked++) cpuid(starts[i] + number, subs[j]);
  say("asked %lu\n", asked);
}

int32_t guest_main(void) {
  if (argument_is(0, "all")) {
    ask_all();
    return 0;
  }
  static const uint32_t starts[] = {0, 0x40000000, 0x80000000};
  for (uint64_t i = 0; i < 3; i++) {
    uint32_t last = cpuid(starts[i], 0).a;
    if (last < starts[i] || last - starts[i] > 255) last = starts[i];
    show_range(starts[i], last);
  }
  /* Beyond the last basic leaf a processor repeats it; what the hypervisor adds, if anything, is after 0x40000100. */
  show_range(0x40000100, 0x40000101);
  return 0;
}

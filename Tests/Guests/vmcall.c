/* `vmcall [data]`: tries KVM's own hypercalls by both instructions: prints `vmcall N R` or `vmcall N #UD`. KVM may want
   to rewrite the instruction where it stands: the guest's code is read-only, and then the tender ends the guest with a
   translation fault, status 1; with `data` it runs from writable memory, status 0. */
#include "trap.h"

/* The instruction, and a jump back to where r11 says. */
#define INSTRUCTION(last) {0x0f, 0x01, last, 0x41, 0xff, 0xe3}

static void attempt(const char *name, const uint8_t *code, uint64_t number) {
  uint64_t result = number;
  ATTEMPT("movq trap_resume(%%rip), %%r11\n\tjmp *%1",
          : "+a"(result) : "D"(code), "b"(0UL), "c"(0UL), "d"(0UL), "S"(0UL) : "r11", "memory");
  if (trap_vector == -1) say("%s %lu %ld\n", name, number, (int64_t)result);
  else say("%s %lu %s\n", name, number, trap_name(trap_vector));
}

int32_t guest_main(void) {
  static const uint8_t numbers[] = {1, 2, 5, 9, 10, 11, 12, 99};
  static const uint8_t vmcall_code[] = INSTRUCTION(0xc1), vmmcall_code[] = INSTRUCTION(0xd9);
  static uint8_t vmcall_data[] = INSTRUCTION(0xc1), vmmcall_data[] = INSTRUCTION(0xd9);
  bool writable = argument_is(0, "data");
  trap_install();
  for (uint64_t i = 0; i < sizeof numbers; i++) {
    attempt("vmcall", writable ? vmcall_data : vmcall_code, numbers[i]);
    attempt("vmmcall", writable ? vmmcall_data : vmmcall_code, numbers[i]);
  }
  return 0;
}

#include "CProbe.h"

#if defined(__x86_64__)
// ebx, ecx, edx, esi, edi, ebp have the six words; r8 to r11 are lost on some kernels, and are the caller's to lose.
__asm__(".text\n"
        ".globl cprobe_i386\n"
        ".type cprobe_i386, @function\n"
        "cprobe_i386:\n"
        "  pushq %rbx\n"
        "  pushq %rbp\n"
        "  movq %rdi, %rax\n"
        "  movq (%rsi), %rbx\n"
        "  movq 8(%rsi), %rcx\n"
        "  movq 16(%rsi), %rdx\n"
        "  movq 32(%rsi), %rdi\n"
        "  movq 40(%rsi), %rbp\n"
        "  movq 24(%rsi), %rsi\n"
        "  int $0x80\n"
        "  popq %rbp\n"
        "  popq %rbx\n"
        "  ret\n"
        ".size cprobe_i386, . - cprobe_i386\n");

int cprobe_has_i386(void) { return 1; }
#else
int cprobe_has_i386(void) { return 0; }

long cprobe_i386(long number, const long *words) {
  (void)number;
  (void)words;
  __builtin_trap();
}
#endif

unsigned long cprobe_stack(void) { return (unsigned long)__builtin_frame_address(0); }

unsigned long cprobe_code(void) { return (unsigned long)(void *)&cprobe_code; }

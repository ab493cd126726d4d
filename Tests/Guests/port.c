/* `port NUMBER SIZE KIND [VALUE]`: one access of 1, 2 or 4 bytes; KIND is in, out, ins or outs (the last two: two
   accesses by one instruction). The tender reports it, status 1; else prints `returned 0x...` and status 0. */
#include "guest.h"

int32_t guest_main(void) {
  uint16_t port = (uint16_t)number(0, 0x600);
  uint64_t size = number(1, 4);
  uint32_t value = (uint32_t)number(3, 0);
  uint32_t pair[2] = {value, value}, *cursor = pair;
  uint64_t count = 2;
  if (argument_is(2, "in")) {
    if (size == 1) __asm__ volatile("inb %1, %b0" : "+a"(value) : "d"(port) : "memory");
    else if (size == 2) __asm__ volatile("inw %1, %w0" : "+a"(value) : "d"(port) : "memory");
    else __asm__ volatile("inl %1, %0" : "+a"(value) : "d"(port) : "memory");
  } else if (argument_is(2, "ins")) {
    if (size == 1) __asm__ volatile("rep insb" : "+D"(cursor), "+c"(count) : "d"(port) : "memory");
    else if (size == 2) __asm__ volatile("rep insw" : "+D"(cursor), "+c"(count) : "d"(port) : "memory");
    else __asm__ volatile("rep insl" : "+D"(cursor), "+c"(count) : "d"(port) : "memory");
    value = pair[0];
  } else if (argument_is(2, "outs")) {
    if (size == 1) __asm__ volatile("rep outsb" : "+S"(cursor), "+c"(count) : "d"(port) : "memory");
    else if (size == 2) __asm__ volatile("rep outsw" : "+S"(cursor), "+c"(count) : "d"(port) : "memory");
    else __asm__ volatile("rep outsl" : "+S"(cursor), "+c"(count) : "d"(port) : "memory");
  } else {
    if (size == 1) __asm__ volatile("outb %b0, %1" : : "a"(value), "d"(port) : "memory");
    else if (size == 2) __asm__ volatile("outw %w0, %1" : : "a"(value), "d"(port) : "memory");
    else __asm__ volatile("outl %0, %1" : : "a"(value), "d"(port) : "memory");
  }
  say("returned %#x\n", value);
  return 0;
}

// starts      prints the system calls that a start of the tender makes, one a line: those of the tender's own table
#include "common.h"

static const char *const names[] = {
#define CALL(name, ...) #name
#define NAME(name) #name
#include "../../../Sources/CCalls/StartCalls.h"
};

int main(void) {
  for (size_t index = 0; index < sizeof names / sizeof *names; index++) puts(names[index]);
}

// call NAME      prints the number of a system call; status 1 for one that this processor doesn't have
#include "calls.h"

int main(int count, char **arguments) {
  if (count != 2) errx(trouble, "usage: call NAME");
  if (!has_call(arguments[1])) return 1;
  return printf("%lu\n", call_number(arguments[1])) < 0;
}

// call NAME      prints the number of a system call; status 1 for one that this processor doesn't have
#include "calls.h"

int main(int count, char **arguments) {
  if (count != 2) errx(trouble, "usage: call NAME");
  for (size_t index = 0; index < sizeof calls / sizeof *calls; index++)
    if (strcmp(calls[index].name, arguments[1]) == 0) return printf("%d\n", calls[index].number) < 0;
  return 1;
}

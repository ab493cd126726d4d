// shut DESCRIPTOR 0|1|2
//
// Ends one direction of a socket that it was handed, receiving (0) or sending (1), or both: shutdown(2).
#include "common.h"
#include <sys/socket.h>

int main(int count, char **arguments) {
  if (count != 3) errx(trouble, "usage: shut DESCRIPTOR 0|1|2");
  must(shutdown((int)number(arguments[1]), (int)number(arguments[2])));
}

// keys with NAME SECRET FILE COMMAND [ARG]...
// keys has SERIAL
//
// With `with` a command is executed that has a session keyring of its own, with a key of this name and secret in it, whose serial
// number goes to FILE. With `has` the status tells whether the kernel still has the key: 0, or 1 once nobody refers to it.
// Status 98 where the kernel has no keys, or allows none.
#include "common.h"
#include <linux/keyctl.h>
#include <sys/syscall.h>

enum { unavailable = 98 };

int main(int count, char **arguments) {
  if (count == 3 && strcmp(arguments[1], "has") == 0) {
    char description[256];
    return syscall(SYS_keyctl, KEYCTL_DESCRIBE, number(arguments[2]), description, sizeof description) < 0 && errno == ENOKEY;
  }
  if (count < 6 || strcmp(arguments[1], "with") != 0) errx(trouble, "usage: keys with NAME SECRET FILE COMMAND [ARG]...");
  long keyring = syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, "launcher");
  if (keyring < 0) err(unavailable, "keyctl");
  long key = syscall(SYS_add_key, "user", arguments[2], arguments[3], strlen(arguments[3]), KEY_SPEC_SESSION_KEYRING);
  if (key < 0) err(unavailable, "add_key");
  FILE *file = fopen(arguments[4], "w");
  if (file == NULL) err(trouble, "%s", arguments[4]);
  fprintf(file, "%ld\n", key);
  fclose(file);
  execv(arguments[5], arguments + 5);
  err(trouble, "%s", arguments[5]);
}

// locked OWNER TYPE FILE COMMAND [ARG]...
//
// Runs a command beside a lock on all of a file. It inherits the descriptor that the lock was taken by, as descriptor 5.
//
//   OWNER  description  the open file description, which the command shares (F_OFD_SETLK)
//          process      this process, which the command is a child of (F_SETLK)
//          none         nobody: there is no lock
//   TYPE   read or write
#include "common.h"
#include <sys/wait.h>

int main(int count, char **arguments) {
  if (count < 5) errx(trouble, "usage: locked OWNER TYPE FILE COMMAND [ARG]...");
  struct flock lock = {.l_type = strcmp(arguments[2], "read") == 0 ? F_RDLCK : F_WRLCK, .l_whence = SEEK_SET};
  int file = must(open(arguments[3], O_RDWR));
  if (file != 5) {
    must(dup2(file, 5));
    close(file);
  }
  if (strcmp(arguments[1], "description") == 0) must(fcntl(5, F_OFD_SETLK, &lock));
  else if (strcmp(arguments[1], "process") == 0) must(fcntl(5, F_SETLK, &lock));
  else if (strcmp(arguments[1], "none") != 0) errx(trouble, "no such owner: %s", arguments[1]);
  pid_t child = must(fork());
  if (child == 0) {
    execvp(arguments[4], arguments + 4);
    err(trouble, "%s", arguments[4]);
  }
  int status;
  must(waitpid(child, &status, 0));
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

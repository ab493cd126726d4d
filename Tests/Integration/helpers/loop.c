// loop FILE COMMAND [ARG]...
//
// Runs a command with a loop device for a file; its path is in the environment as LOOP. The device goes by itself when
// nobody has it open any more. Status 98 where there are no loop devices.
#include "common.h"
#include <linux/loop.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

enum { unavailable = 98 };

int main(int count, char **arguments) {
  if (count < 3) errx(trouble, "usage: loop FILE COMMAND [ARG]...");
  int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
  if (control < 0) err(unavailable, "/dev/loop-control");
  int file = must(open(arguments[1], O_RDWR | O_CLOEXEC));
  for (int attempt = 0; attempt < 10; attempt++) {
    int index = ioctl(control, LOOP_CTL_GET_FREE);
    if (index < 0) err(unavailable, "no free loop device");
    char path[32];
    snprintf(path, sizeof path, "/dev/loop%d", index);
    if (access(path, F_OK) != 0 && mknod(path, S_IFBLK | 0600, makedev(7, index)) != 0) err(unavailable, "%s", path);
    // Kept open here, so that the device lives as long as the command, whatever that closes.
    int device = open(path, O_RDWR | O_CLOEXEC);
    if (device < 0) err(unavailable, "%s", path);
    struct loop_config configuration = {.fd = file, .info.lo_flags = LO_FLAGS_AUTOCLEAR};
    if (ioctl(device, LOOP_CONFIGURE, &configuration) != 0) {
      close(device);
      if (errno == EBUSY) continue;
      err(unavailable, "%s", path);
    }
    setenv("LOOP", path, 1);
    pid_t child = must(fork());
    if (child == 0) {
      execvp(arguments[2], arguments + 2);
      err(trouble, "%s", arguments[2]);
    }
    int status;
    must(waitpid(child, &status, 0));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  errx(unavailable, "every loop device was taken");
}

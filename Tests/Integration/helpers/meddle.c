// meddle N IMAGE OTHER COMMAND [ARG]...
//
// Runs a command that reads IMAGE, and writes the content of OTHER over it before the Nth of these reads (pread64) begins, counted
// from 0. The command's status, or 98 where it makes no more than N.
#include "common.h"
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <linux/ptrace.h>

enum { fewer = 98 };

static void write_over(const char *image, const char *other) {
  static char bytes[1 << 20];
  int from = must(open(other, O_RDONLY | O_CLOEXEC)), to = must(open(image, O_WRONLY | O_CLOEXEC));
  for (ssize_t count; (count = must(read(from, bytes, sizeof bytes))) > 0;)
    if (must(write(to, bytes, count)) != count) errx(trouble, "%s: written in part", image);
  close(from);
  close(to);
}

int main(int count, char **arguments) {
  if (count < 5) errx(trouble, "usage: meddle N IMAGE OTHER COMMAND [ARG]...");
  unsigned long wanted = number(arguments[1]), reads = 0;
  int child = must(fork());
  if (child == 0) {
    must(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
    execv(arguments[4], arguments + 4);
    err(trouble, "%s", arguments[4]);
  }
  int status;
  must(waitpid(child, &status, __WALL));
  must(ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL));
  for (int signal = 0; !WIFEXITED(status) && !WIFSIGNALED(status);) {
    must(ptrace(PTRACE_SYSCALL, child, NULL, signal));
    must(waitpid(child, &status, __WALL));
    if (!WIFSTOPPED(status)) break;
    signal = WSTOPSIG(status) == (SIGTRAP | 0x80) ? 0 : WSTOPSIG(status);
    struct ptrace_syscall_info info;
    if (signal != 0 || ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof info, &info) < 0) continue;
    if (info.op != PTRACE_SYSCALL_INFO_ENTRY || info.entry.nr != __NR_pread64) continue;
    char path[64];
    struct stat read_file, image;
    snprintf(path, sizeof path, "/proc/%d/fd/%d", child, (int)info.entry.args[0]);
    if (stat(path, &read_file) != 0 || stat(arguments[2], &image) != 0) continue;
    if (read_file.st_dev != image.st_dev || read_file.st_ino != image.st_ino) continue;
    if (reads++ == wanted) write_over(arguments[2], arguments[3]);
  }
  if (reads <= wanted) return fewer;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

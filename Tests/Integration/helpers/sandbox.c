// sandbox [--limit=SECONDS] [--net] [--user=UID] COMMAND [ARG]...
//
// Runs one test so that nothing of it is left behind: in a mount namespace (and with --net a network namespace) of its
// own, within a time limit, and with every process that it started, however indirectly, ended by pid afterwards.
// What the host has prepared for tenders (/run/brig) isn't there.
// With --user the test runs as that user, and has /dev/kvm and /dev/net/tun nodes that everybody may open.
// Status: the command's; 124 when the time was up.
#include "common.h"
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

static volatile sig_atomic_t stopped;

static void stop(int signal) { stopped = signal; }

// Ends all children; theirs become ours because we are their subreaper, until there are none.
static void sweep(void) {
  for (;;) {
    FILE *children = fopen("/proc/thread-self/children", "r");
    int pid;
    if (children != NULL) {
      while (fscanf(children, "%d", &pid) == 1) kill(pid, SIGKILL);
      fclose(children);
    }
    if (wait(NULL) < 0 && errno == ECHILD) return;
  }
}

// Covers a device node by one that everybody may open; the host's may be root's alone.
static void share_device(const char *path, const char *name, dev_t device) {
  char node[64];
  snprintf(node, sizeof node, "/dev/shm/%s", name);
  if (access(path, F_OK) != 0) return;
  must(mknod(node, S_IFCHR, device));
  must(chmod(node, 0666));
  must(mount(node, path, NULL, MS_BIND, NULL));
}

int main(int count, char **arguments) {
  unsigned limit = 20;
  uid_t user = 0;
  int namespaces = CLONE_NEWNS;
  int next = 1;
  for (; next < count && strncmp(arguments[next], "--", 2) == 0; next++) {
    const char *option = arguments[next], *value;
    if ((value = value_of(option, "--limit"))) limit = number(value);
    else if ((value = value_of(option, "--user"))) user = number(value);
    else if (strcmp(option, "--net") == 0) namespaces |= CLONE_NEWNET;
    else errx(trouble, "unknown option: %s", option);
  }
  if (next == count) errx(trouble, "no command");

  if (geteuid() == 0) {
    must(unshare(namespaces));
    must(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
    if (access("/run/brig", F_OK) == 0) must(mount("tmpfs", "/run/brig", "tmpfs", MS_NOSUID, NULL));
    if (user != 0) {
      must(mount("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID, "mode=1777"));
      share_device("/dev/kvm", "kvm", makedev(10, 232));
      share_device("/dev/net/tun", "tun", makedev(10, 200));
    }
  }
  must(prctl(PR_SET_CHILD_SUBREAPER, 1));
  for (int signal = 1; signal <= SIGTERM; signal++)
    if (signal == SIGALRM || signal == SIGINT || signal == SIGTERM || signal == SIGHUP)
      sigaction(signal, &(struct sigaction){.sa_handler = stop}, NULL);

  pid_t child = must(fork());
  if (child == 0) {
    if (user != 0) {
      must(setgroups(0, NULL));
      must(setresgid(user, user, user));
      must(setresuid(user, user, user));
    }
    execvp(arguments[next], arguments + next);
    err(trouble, "%s", arguments[next]);
  }
  alarm(limit);
  int status = 0;
  while (!stopped) {
    pid_t ended = wait(&status);
    if (ended == child || (ended < 0 && errno != EINTR)) break;
  }
  alarm(0);
  sweep();
  if (stopped) return 124;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

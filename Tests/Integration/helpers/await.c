// await PID FILTERS asleep|sealed SECONDS
//
// Waits until a live process has so many seccomp filters, and with `asleep` until it sleeps besides. Status 1 when it is
// gone or the time is up. A shell that looked again and again would keep a slow machine busy.
#include "common.h"
#include <time.h>

// The rest of the line that starts with a name in a process's file; false when there is none.
static bool find(const char *pid, const char *name, char *value, size_t size) {
  char path[64], line[512];
  snprintf(path, sizeof path, "/proc/%s/status", pid);
  FILE *status = fopen(path, "r");
  if (status == NULL) return false;
  bool found = false;
  size_t length = strlen(name);
  while (!found && fgets(line, sizeof line, status) != NULL) {
    if (strncmp(line, name, length) != 0) continue;
    snprintf(value, size, "%s", line + length + strspn(line + length, "\t "));
    found = true;
  }
  fclose(status);
  return found;
}

int main(int count, char **arguments) {
  if (count != 5) errx(trouble, "usage: await PID FILTERS asleep|sealed SECONDS");
  const char *pid = arguments[1];
  unsigned long filters = number(arguments[2]);
  bool asleep = strcmp(arguments[3], "asleep") == 0;
  for (time_t end = time(NULL) + (time_t)number(arguments[4]); time(NULL) <= end; usleep(5000)) {
    char state[64], installed[64];
    if (!find(pid, "State:", state, sizeof state) || !find(pid, "Seccomp_filters:", installed, sizeof installed)) return 1;
    if (state[0] == 'Z') return 1;
    if (strtoul(installed, NULL, 10) == filters && (!asleep || state[0] == 'S')) return 0;
  }
  return 1;
}

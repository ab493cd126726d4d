// deaths PROBE GUESTS DISK TAP JOBS [TARGET]... <LIST
//
// Carries out what `brig attack --list` printed, for machines that have no `brig`: each line is one launch of the probe.
// Targets limit it to those. Prints for each target and category, with tabs between, how many attempts were tried, were
// stopped, and survived, and how many came out otherwise than they had to; each of the latter goes to standard error.
// Of the JOBS that run at a time each has a disk and a TAP of its own: DISK0 and TAP0, DISK1 and TAP1, and so on. Status 1 if any was wrong.
#include "common.h"
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

enum { most_jobs = 16, most_rows = 64, patience = 120 };

typedef struct {
  char target[32], category[32];
  unsigned tried, stopped, survived, skipped, wrong;
} Row;

typedef struct {
  pid_t process;
  int pipe;
  time_t start;
  size_t length;
  char output[8192], line[512];  // what it said; the attempt
  char *fields[5];  // target, category, expectation, call, name
} Place;

static Row rows[most_rows];
static int row_count;
static Place places[most_jobs];
static const char *probe, *guests, *disk, *tap;

static Row *row_of(const Place *place) {
  for (int index = 0; index < row_count; index++)
    if (strcmp(rows[index].target, place->fields[0]) == 0 && strcmp(rows[index].category, place->fields[1]) == 0)
      return &rows[index];
  if (row_count == most_rows) errx(trouble, "too many categories");
  Row *row = &rows[row_count++];
  snprintf(row->target, sizeof row->target, "%s", place->fields[0]);
  snprintf(row->category, sizeof row->category, "%s", place->fields[1]);
  return row;
}

// The next attempt of a wanted target; false at the end.
static bool next_attempt(Place *place, char **targets) {
  while (fgets(place->line, sizeof place->line, stdin) != NULL) {
    char *rest = place->line;
    for (int index = 0; index < 5; index++) place->fields[index] = strsep(&rest, "\t\n");
    if (place->fields[4] == NULL) errx(trouble, "not a list of attempts: %s", place->line);
    bool wanted = *targets == NULL;
    for (char **target = targets; *target != NULL; target++) wanted |= strcmp(*target, place->fields[0]) == 0;
    if (wanted) return true;
  }
  return false;
}

static void execute(const Place *place) {
  char call[512], block[512], net[64], image[512];
  const char *target = place->fields[0], *arguments[10];
  bool has_disk = strstr(target, "block") != NULL, has_tap = strstr(target, "net") != NULL;
  int count = 0;
  arguments[count++] = probe;
  snprintf(call, sizeof call, "--call=%s", place->fields[3]);
  arguments[count++] = call;
  arguments[count++] = "--mem=6";
  snprintf(block, sizeof block, "--block:storage=%s%d", disk, (int)(place - places));
  if (has_disk) arguments[count++] = block;
  if (strstr(target, ":ro") != NULL) arguments[count++] = "--block-mode:storage=ro";
  snprintf(net, sizeof net, "--net:service=%s%d", tap, (int)(place - places));
  if (has_tap) arguments[count++] = net;
  if (strstr(target, "report") != NULL) arguments[count++] = "--seccomp=report";
  snprintf(image, sizeof image, "%s/quiet%s.hvt", guests, has_disk && has_tap ? "-all" : has_disk ? "-block" : has_tap ? "-net" : "");
  arguments[count++] = image;
  arguments[count] = NULL;
  execv(probe, (char **)arguments);
  err(trouble, "%s", probe);
}

static void start(Place *place) {
  int ends[2];
  must(pipe2(ends, O_CLOEXEC));
  place->start = time(NULL);
  place->length = 0;
  place->process = must(fork());
  if (place->process == 0) {
    int nothing = must(open("/dev/null", O_RDWR));
    must(dup2(nothing, 0));
    must(dup2(nothing, 1));
    must(dup2(ends[1], 2));
    execute(place);
  }
  close(ends[1]);
  place->pipe = ends[0];
}

// Whether the kernel itself refused a call: ENXIO, ENOSYS, or EPROTO.
static bool is_refusal(const char *returned) {
  static const char *const answers[] = {"\nreturned -6\n", "\nreturned -38\n", "\nreturned -71\n"};
  for (size_t index = 0; index < sizeof answers / sizeof *answers; index++)
    if (strncmp(returned, answers[index], strlen(answers[index])) == 0) return true;
  return false;
}

// Reaps an attempt's process and judges as `brig attack` does.
static bool judge(Place *place, bool late) {
  int status;
  if (late) kill(place->process, SIGKILL);
  close(place->pipe);
  place->pipe = -1;
  must(waitpid(place->process, &status, 0));
  place->output[place->length] = 0;
  Row *row = row_of(place);
  row->tried++;
  bool sealed = strncmp(place->output, "sealed\n", 7) == 0;
  // Whatever the message buffer held may stand before the last line.
  const char *returned = memmem(place->output, place->length, "\nreturned ", 10);
  bool refusable = strcmp(place->fields[2], "refused") == 0, deadly = strcmp(place->fields[2], "lives") != 0;
  bool good = false;
  const char *seen = late ? "no end" : !sealed ? "no seal" : "another death";
  if (!late && sealed && WIFSIGNALED(status) && returned == NULL) {
    int signal = WTERMSIG(status);
    if (signal == SIGSEGV && strncmp(place->fields[3], "i386:", 5) == 0) {
      row->skipped++;
      return true;
    }
    if (signal == SIGSYS || (signal == SIGILL && refusable)) {
      row->stopped++;
      good = deadly;
      seen = "died";
    }
  } else if (!late && sealed && WIFEXITED(status)) {
    if (refusable && returned != NULL && is_refusal(returned)) {
      row->stopped++;
      good = true;
    } else {
      row->survived++;
      good = !deadly;
    }
    seen = returned != NULL ? returned + 1 : "an end";
  }
  if (good) return true;
  row->wrong++;
  fprintf(stderr, "WRONG: %s: %s: %s: %s, status %#x: %s\n", place->fields[0], place->fields[4], place->fields[3], seen, status,
          sealed ? "sealed" : place->output);
  return false;
}

int main(int count, char **arguments) {
  if (count < 6) errx(trouble, "usage: deaths PROBE GUESTS DISK TAP JOBS [TARGET]... <LIST");
  probe = arguments[1], guests = arguments[2], disk = arguments[3], tap = arguments[4];
  int jobs = number(arguments[5]);
  if (jobs < 1 || jobs > most_jobs) errx(trouble, "JOBS is 1 to %d", most_jobs);
  for (int index = 0; index < jobs; index++) places[index].pipe = -1;
  bool good = true, more = true;
  for (;;) {
    int busy = 0;
    struct pollfd entries[most_jobs];
    for (int index = 0; index < jobs; index++) {
      Place *place = &places[index];
      if (place->pipe < 0 && more && (more = next_attempt(place, arguments + 6))) start(place);
      entries[index] = (struct pollfd){.fd = place->pipe, .events = POLLIN};
      busy += place->pipe >= 0;
    }
    if (busy == 0) break;
    must(poll(entries, jobs, 1000));
    for (int index = 0; index < jobs; index++) {
      Place *place = &places[index];
      if (place->pipe < 0) continue;
      bool late = time(NULL) - place->start > patience;
      if (entries[index].revents != 0) {
        ssize_t got = read(place->pipe, place->output + place->length, sizeof place->output - 1 - place->length);
        if (got > 0) { place->length += got; continue; }
        good &= judge(place, false);
      } else if (late) {
        good &= judge(place, true);
      }
    }
  }
  for (int index = 0; index < row_count; index++) {
    Row *row = &rows[index];
    printf("%s\t%s\t%u tried\t%u stopped\t%u survived\t%u skipped\t%u wrong\n", row->target, row->category, row->tried, row->stopped,
           row->survived, row->skipped, row->wrong);
  }
  if (row_count == 0) errx(trouble, "no attempts");
  return !good;
}
